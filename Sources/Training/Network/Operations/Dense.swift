import CKernels
import TrainingAPI

/// A product of features with weights; the bias is added by what follows.
struct Dense: LayerOperation {
    let input: Signal
    let output: Signal
    let weight: ParameterTensor

    func forward(_ pass: Pass) throws(TrainingError) {
        let workspace = pass.workspace
        let values = workspace.values(of: output)
        try workspace.matrix(values, of: output, rows: pass.rows).matrix.assign(
            weights(in: pass.parameters.elements + weight.offset).asIs,
            times: workspace.matrix(workspace.values(of: input), of: input, rows: pass.rows)
        )
        clearUnused(values, of: output, pass)
    }

    func backward(_ pass: Pass) throws(TrainingError) {
        let workspace = pass.workspace
        let slope = workspace.matrix(
            workspace.gradient(of: output),
            of: output,
            rows: pass.rows
        )
        try weights(in: pass.gradient(at: weight.offset)).assign(
            slope,
            times: workspace.matrix(workspace.values(of: input), of: input, rows: pass.rows)
                .transposed,
            adding: pass.accumulating
        )
        guard input.gradient != nil else { return }
        let gradient = workspace.gradient(of: input)
        try workspace.matrix(gradient, of: input, rows: pass.rows).matrix.assign(
            weights(in: pass.parameters.elements + weight.offset).transposed,
            times: slope
        )
        clearUnused(gradient, of: input, pass)
    }

    /// The weights, [outputs, inputs].
    private func weights(in elements: UnsafeMutablePointer<Float>) -> Matrix {
        Matrix(
            elements: elements,
            rows: weight.shape[0],
            columns: weight.shape[1],
            stride: weight.shape[1]
        )
    }

    /// Keeps the promise that rows past the batch's are finite in values and 0 in gradients.
    private func clearUnused(
        _ values: UnsafeMutablePointer<Float>,
        of signal: Signal,
        _ pass: Pass
    ) {
        lehr_clear_unused_rows(values, signal.shape.count, pass.rows, pass.workspace.capacity)
    }
}
