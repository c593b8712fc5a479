import CKernels
import TrainingAPI

/// A product of features with weights; the bias is added by what follows.
struct Dense: LayerOperation {
    let input: Signal
    let output: Signal
    let weight: ParameterTensor
    /// Room for a copy of the weights whose rows lie apart, where they lie badly as they are.
    let spread: FloatBuffer?

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
            spreadWeights(in: pass.parameters.elements + weight.offset).transposed,
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

    /// The weights, their rows apart.
    ///
    /// A product with the transpose goes down the columns; with rows of a multiple of 2 KiB all values of
    /// a column share a few places of the caches, which costs more than half of the speed.
    private func spreadWeights(in elements: UnsafeMutablePointer<Float>) -> Matrix {
        guard let spread, let stride = weight.spreadStride else { return weights(in: elements) }
        let (rows, columns) = (weight.shape[0], weight.shape[1])
        for row in 0..<rows {
            (spread.elements + row * stride)
                .update(from: elements + row * columns, count: columns)
        }
        return Matrix(elements: spread.elements, rows: rows, columns: columns, stride: stride)
    }

    /// Keeps the promise that rows past the batch's are finite in values and 0 in gradients.
    private func clearUnused(
        _ values: UnsafeMutablePointer<Float>,
        of signal: Signal,
        _ pass: Pass
    ) {
        lehr_clear_unused_rows(values, signal.shape.count, pass.rows, pass.workspace.featureStride)
    }
}
