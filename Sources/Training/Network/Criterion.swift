import CKernels
import Datasets
import TrainingAPI

/// A loss over a batch of a model's outputs.
struct Criterion {
    /// What the rows' losses are computed of.
    private enum Kind {
        case crossEntropy(smoothing: Double, weights: FloatBuffer?)
        /// Squares where `delta` is 0, else Huber's.
        case values(delta: Double)
    }

    private let kind: Kind
    private let outputs: Signal
    /// The bias of the last linear layer, which is added here.
    private let bias: ParameterTensor?

    /// Makes the loss that `specification` says for `target`; throws where it does not fit.
    init(
        _ specification: LossSpecification,
        target: DatasetDescription.Target,
        outputs: Signal,
        bias: ParameterTensor?
    ) throws(TrainingError) {
        let facts: DatasetFacts.Target =
            switch target {
            case .classes(let count): .classes(count)
            case .values(let count): .values(count)
            }
        if let (field, detail) = specification.fault(of: facts) {
            throw .invalid(field: "model.\(field)", detail: detail)
        }
        switch target {
        case .classes:
            var weights: FloatBuffer?
            if !specification.classWeights.isEmpty {
                let buffer = try FloatBuffer(count: specification.classWeights.count)
                for (label, weight) in specification.classWeights.enumerated() {
                    buffer.elements[label] = Float(weight)
                }
                weights = buffer
            }
            kind = .crossEntropy(smoothing: specification.labelSmoothing, weights: weights)
        case .values:
            kind = .values(delta: specification.kind == .huber ? specification.huberDelta : 0)
        }
        self.outputs = outputs
        self.bias = bias
    }

    /// The sum of the rows' losses; sets the gradient of `scale` times the sum.
    func lossAndGradient(_ pass: Pass, scale: Double) -> Double {
        let (workspace, batch) = (pass.workspace, pass.workspace.batch)
        let values = workspace.values(of: outputs)
        let gradient = workspace.gradient(of: outputs)
        let bias = bias.map { UnsafePointer(pass.parameters.elements + $0.offset) }
        let biasGradient = self.bias.map { pass.gradient(at: $0.offset) }
        let (count, rows, stride) = (outputs.shape.count, pass.rows, workspace.featureStride)
        switch kind {
        case .crossEntropy(smoothing: 0, weights: nil) where batch.share == 1:
            return lehr_softmax_cross_entropy(
                values,
                bias,
                batch.labels,
                gradient,
                biasGradient,
                count,
                rows,
                stride,
                Float(scale),
                pass.accumulating
            )
        case .crossEntropy(let smoothing, let weights):
            let targets = LehrClassTargets(
                labels: batch.labels,
                other_labels: batch.otherLabels,
                share: batch.share,
                smoothing: Float(smoothing),
                weights: weights.map { UnsafePointer($0.elements) }
            )
            return lehr_weighted_cross_entropy(
                values,
                bias,
                targets,
                gradient,
                biasGradient,
                count,
                rows,
                stride,
                Float(scale),
                pass.accumulating
            )
        case .values(let delta):
            return lehr_value_loss(
                values,
                bias,
                batch.targets,
                Float(delta),
                gradient,
                biasGradient,
                count,
                rows,
                stride,
                Float(scale),
                pass.accumulating
            )
        }
    }

    /// Whether a row's output can be right or wrong.
    var isOfClasses: Bool {
        if case .crossEntropy = kind { true } else { false }
    }

    /// Whether rows have weights by their classes.
    var weighsRows: Bool {
        if case .crossEntropy(_, .some) = kind { true } else { false }
    }

    /// What a sum of row losses is divided by for their mean: the rows, or the weights of their
    /// labels' classes.
    func weight(of batch: BatchMemory, rows: Int) -> Double {
        guard case .crossEntropy(_, let weights?) = kind else { return Double(rows) }
        let share = Double(batch.share)
        return (0..<rows).reduce(0) { sum, row in
            let own = Double(weights.elements[Int(batch.labels[row])])
            let other =
                share == 1 ? 0 : Double(weights.elements[Int(batch.otherLabels[row])])
            return sum + share * own + (1 - share) * other
        }
    }

    /// The sum of the rows' losses without smoothing and weights, and how many are right.
    func score(_ pass: Pass) -> Score {
        let (workspace, batch) = (pass.workspace, pass.workspace.batch)
        let values = workspace.values(of: outputs)
        let bias = bias.map { UnsafePointer(pass.parameters.elements + $0.offset) }
        var score = Score()
        switch kind {
        case .crossEntropy:
            score.loss = lehr_softmax_cross_entropy_loss(
                values,
                bias,
                batch.labels,
                &score.correct,
                outputs.shape.count,
                pass.rows,
                workspace.featureStride
            )
        case .values(let delta):
            score.loss = lehr_value_loss(
                values,
                bias,
                batch.targets,
                Float(delta),
                nil,
                nil,
                outputs.shape.count,
                pass.rows,
                workspace.featureStride,
                1,
                false
            )
        }
        return score
    }
}
