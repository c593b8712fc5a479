import CKernels
import TrainingAPI

extension TrainingSession {
    /// The weights that are evaluated and kept: the average where the plan wants it, else the weights.
    var evaluated: FloatBuffer {
        guard plan.optimizer.average?.evaluate == true, let average, counters.optimizer.updates > 0
        else { return parameters }
        return average
    }

    /// What the gradient is to be multiplied by, and the sum of its squares before it was limited;
    /// the sum is `nil` where only the update itself needs to see it.
    func limitGradients() -> (scale: Double, squares: Double?) {
        let (values, count) = (gradients.elements, gradients.count)
        switch plan.optimizer.gradientClip {
        case .norm(let limit):
            let squares = lehr_sum_of_squares(values, count)
            // As torch has it; a gradient at the limit shrinks a little, one of zeros divides by no 0.
            return (min(1, limit / (squares.squareRoot() + 1e-6)), squares)
        case .value(let limit):
            return (1, lehr_clamp(values, count, Float(limit)))
        case nil:
            // Where the job fails anyway, the update may be made before its gradient is looked at.
            guard plan.onNonFinite != .fail else { return (1, nil) }
            return (1, lehr_sum_of_squares(values, count))
        }
    }

    /// Takes the weights after an update into their average.
    func moveAverage() {
        guard let average, let decay = plan.optimizer.average?.decay else { return }
        if counters.optimizer.updates == 1 {
            average.copy(parameters)
        } else {
            lehr_average(average.elements, parameters.elements, average.count, Float(1 - decay))
        }
    }

    /// Remembers the weights that were evaluated, in place of those remembered before.
    package func keepBest() {
        best.copy(evaluated)
        bestBuffers.copy(buffers)
        counters.hasBest = true
    }

    /// Makes the weights that `keepBest` remembered the weights and their average; nothing where none
    /// were.
    package func restoreBest() {
        guard counters.hasBest else { return }
        parameters.copy(best)
        average?.copy(best)
        buffers.copy(bestBuffers)
    }
}
