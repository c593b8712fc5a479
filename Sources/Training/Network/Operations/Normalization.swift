import CKernels
import TrainingAPI

/// Batch normalization of each feature or channel.
struct Normalization: LayerOperation {
    let input: Signal
    let output: Signal
    let plan: LayerPlan.BatchNorm
    /// Each channel's mean and inverse root of the last batch, one after the other.
    let statistics: FloatBuffer

    func forward(_ pass: Pass) {
        let area = pass.workspace.area(of: input, rows: pass.rows)
        let parameters = pass.parameters.elements
        let mean = pass.buffers.elements + plan.runningMean.offset
        let variance = pass.buffers.elements + plan.runningVariance.offset
        guard pass.isTraining else {
            return lehr_batch_norm_evaluation(
                area,
                pass.workspace.values(of: input),
                parameters + plan.scale.offset,
                parameters + plan.shift.offset,
                Float(plan.settings.epsilon),
                mean,
                variance,
                pass.workspace.values(of: output)
            )
        }
        lehr_batch_norm(
            area,
            pass.workspace.values(of: input),
            parameters + plan.scale.offset,
            parameters + plan.shift.offset,
            Float(plan.settings.epsilon),
            Float(plan.settings.momentum),
            mean,
            variance,
            statistics.elements,
            statistics.elements + area.channels,
            pass.workspace.values(of: output)
        )
    }

    func backward(_ pass: Pass) {
        let area = pass.workspace.area(of: input, rows: pass.rows)
        lehr_batch_norm_backward(
            area,
            pass.workspace.values(of: input),
            pass.parameters.elements + plan.scale.offset,
            statistics.elements,
            statistics.elements + area.channels,
            pass.workspace.gradient(of: output),
            pass.gradient(at: plan.scale.offset),
            pass.gradient(at: plan.shift.offset),
            pass.accumulating
        )
    }
}
