import CKernels
import Datasets

/// A chain of linear layers with a ReLU between each two, under softmax cross-entropy.
struct Network {
    let layout: ParameterLayout

    /// Computes the logits of a batch of `rows`, but for the last layer's bias, which the loss adds.
    func forward(
        _ parameters: FloatBuffer,
        _ workspace: Workspace,
        rows: Int
    ) throws(TrainingError) {
        for (place, layer) in layout.layers.enumerated() {
            let output = workspace.output(ofLayer: place, rows: rows)
            try output.assign(
                layer.weights(in: parameters).asIs,
                times: workspace.input(ofLayer: place, rows: rows)
            )
            guard place < layout.layers.count - 1 else { return }
            lehr_add_bias_relu(
                output.elements,
                parameters.elements + layer.bias,
                output.rows,
                rows,
                output.stride
            )
        }
    }

    /// The sum of the rows' losses; turns the logits that `forward` left into their gradient, and
    /// sets the last bias's gradient.
    func lossAndLogitGradient(
        _ parameters: FloatBuffer,
        gradients: FloatBuffer,
        _ workspace: Workspace,
        rows: Int
    ) -> Double {
        let last = layout.layers.count - 1
        let logits = workspace.output(ofLayer: last, rows: rows)
        let bias = layout.layers[last].bias
        return lehr_softmax_cross_entropy(
            logits.elements,
            parameters.elements + bias,
            workspace.batch.labels,
            gradients.elements + bias,
            logits.rows,
            rows,
            logits.stride
        )
    }

    /// Carries the logits' gradient back to every weight and bias.
    func backward(
        _ parameters: FloatBuffer,
        gradients: FloatBuffer,
        _ workspace: Workspace,
        rows: Int
    ) throws(TrainingError) {
        for place in layout.layers.indices.reversed() {
            let layer = layout.layers[place]
            let output = workspace.gradient(ofLayer: place, rows: rows)
            try layer.weights(in: gradients).assign(
                output.asIs,
                times: workspace.input(ofLayer: place, rows: rows).transposed
            )
            guard place > 0 else { return }
            let input = workspace.gradient(ofLayer: place - 1, rows: rows)
            try input.assign(layer.weights(in: parameters).transposed, times: output.asIs)
            lehr_relu_backward(
                input.elements,
                workspace.output(ofLayer: place - 1, rows: rows).elements,
                gradients.elements + layout.layers[place - 1].bias,
                input.rows,
                rows,
                input.stride
            )
        }
    }

    /// The sum of the rows' losses and the number of rows that are classified rightly, of the
    /// logits that `forward` left.
    func score(
        _ parameters: FloatBuffer,
        _ workspace: Workspace,
        rows: Int
    ) -> (loss: Double, correct: Int) {
        let last = layout.layers.count - 1
        let logits = workspace.output(ofLayer: last, rows: rows)
        var correct = 0
        let loss = lehr_softmax_cross_entropy_loss(
            logits.elements,
            parameters.elements + layout.layers[last].bias,
            workspace.batch.labels,
            &correct,
            logits.rows,
            rows,
            logits.stride
        )
        return (loss, correct)
    }
}

extension ParameterLayout.Linear {
    /// The layer's weights in an array of this layout, [outputs, inputs].
    fileprivate func weights(in parameters: FloatBuffer) -> Matrix {
        Matrix(
            elements: parameters.elements + weight,
            rows: shape.outputs,
            columns: shape.inputs,
            stride: shape.inputs
        )
    }
}
