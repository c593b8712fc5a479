import CKernels
import Datasets
import TrainingAPI

/// A model that can be run forward and backward over batches.
///
/// The layers are those of a `ModelShape`; parameters and buffers lie as its layouts say.
final class Network {
    let shape: ModelShape
    private let dense: [Dense]

    /// A linear layer's tensors.
    private struct Dense {
        let weight: ParameterTensor
        let bias: ParameterTensor

        func weights(in parameters: FloatBuffer) -> Matrix {
            Matrix(
                elements: parameters.elements + weight.offset,
                rows: weight.shape[0],
                columns: weight.shape[1],
                stride: weight.shape[1]
            )
        }
    }

    /// Makes the model of `shape`; `dropoutSeed` is the seed of its dropout layers' masks.
    init(_ shape: ModelShape, loss: LossSpecification, dropoutSeed: UInt64) throws(TrainingError) {
        self.shape = shape
        var dense: [Dense] = []
        for layer in shape.layers {
            switch layer.operation {
            case .linear(let weight, let bias?): dense.append(Dense(weight: weight, bias: bias))
            case .activation(.relu), .flatten: break
            default: throw .invalid(field: "model", detail: "has a layer that cannot be trained")
            }
        }
        self.dense = dense
    }

    /// Computes the sum of the rows' losses of the batch in `workspace` and the gradient of that sum
    /// times `scale`, which is added to `gradients` where `accumulating`, and replaces them otherwise.
    ///
    /// The running statistics in `buffers` are carried on. Dropout masks are drawn for update `step`
    /// and the place `firstRow` of the batch's first row among the update's rows, so that cutting an
    /// update into batches changes no mask. For the mean over an update, `scale` is 1 over its rows.
    func forwardBackward(
        _ parameters: FloatBuffer,
        buffers: FloatBuffer,
        gradients: FloatBuffer,
        _ workspace: Workspace,
        rows: Int,
        scale: Double,
        step: Int,
        firstRow: Int,
        accumulating: Bool
    ) throws(TrainingError) -> Double {
        try forward(parameters, workspace, rows: rows)
        let last = dense.count - 1
        let logits = workspace.output(ofLayer: last, rows: rows)
        let bias = dense[last].bias.offset
        let sum = lehr_softmax_cross_entropy(
            logits.elements,
            parameters.elements + bias,
            workspace.batch.labels,
            gradients.elements + bias,
            logits.rows,
            rows,
            logits.stride,
            Float(scale),
            accumulating
        )
        try backward(parameters, gradients, workspace, rows: rows, accumulating)
        return sum
    }

    /// How the model does on the rows of the batch in `workspace`, without dropout and with the
    /// running statistics.
    func evaluate(
        _ parameters: FloatBuffer,
        buffers: FloatBuffer,
        _ workspace: Workspace,
        rows: Int
    ) throws(TrainingError) -> Score {
        try forward(parameters, workspace, rows: rows)
        let last = dense.count - 1
        let logits = workspace.output(ofLayer: last, rows: rows)
        var score = Score()
        score.loss = lehr_softmax_cross_entropy_loss(
            logits.elements,
            parameters.elements + dense[last].bias.offset,
            workspace.batch.labels,
            &score.correct,
            logits.rows,
            rows,
            logits.stride
        )
        return score
    }

    private func forward(
        _ parameters: FloatBuffer,
        _ workspace: Workspace,
        rows: Int
    ) throws(TrainingError) {
        for (place, layer) in dense.enumerated() {
            let output = workspace.output(ofLayer: place, rows: rows)
            try output.assign(
                layer.weights(in: parameters).asIs,
                times: workspace.input(ofLayer: place, rows: rows)
            )
            guard place < dense.count - 1 else { return }
            lehr_add_bias_relu(
                output.elements,
                parameters.elements + layer.bias.offset,
                output.rows,
                rows,
                output.stride
            )
        }
    }

    private func backward(
        _ parameters: FloatBuffer,
        _ gradients: FloatBuffer,
        _ workspace: Workspace,
        rows: Int,
        _ accumulating: Bool
    ) throws(TrainingError) {
        for place in dense.indices.reversed() {
            let layer = dense[place]
            let output = workspace.gradient(ofLayer: place, rows: rows)
            try layer.weights(in: gradients).assign(
                output.asIs,
                times: workspace.input(ofLayer: place, rows: rows).transposed,
                adding: accumulating
            )
            guard place > 0 else { return }
            let input = workspace.gradient(ofLayer: place - 1, rows: rows)
            try input.assign(layer.weights(in: parameters).transposed, times: output.asIs)
            lehr_relu_backward(
                input.elements,
                workspace.output(ofLayer: place - 1, rows: rows).elements,
                gradients.elements + dense[place - 1].bias.offset,
                input.rows,
                rows,
                input.stride,
                accumulating
            )
        }
    }
}
