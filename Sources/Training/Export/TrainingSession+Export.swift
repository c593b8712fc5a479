import TrainingAPI

extension TrainingSession {
    /// Which weights are to leave.
    package enum Weights: Sendable {
        /// Those on which the test is read at the end.
        case final
        /// Those of the best validation.
        case best
    }

    /// Copies a model out for other programs; nil for the best one where no weights were remembered.
    package func export(_ weights: Weights) -> ModelExport? {
        let source: (parameters: FloatBuffer, buffers: FloatBuffer)
        switch weights {
        case .final: source = (evaluated, buffers)
        case .best:
            guard counters.hasBest else { return nil }
            source = (best, bestBuffers)
        }
        func copies(_ layout: ParameterLayout, _ buffer: FloatBuffer) -> [ModelExport.Tensor] {
            layout.tensors.map { tensor in
                let values = UnsafeBufferPointer(
                    start: buffer.elements + tensor.offset,
                    count: tensor.count
                )
                return ModelExport.Tensor(
                    name: tensor.name,
                    shape: tensor.shape,
                    values: Array(values)
                )
            }
        }
        return ModelExport(
            shape: shape,
            normalization: data.normalization,
            outputNames: outputNames,
            tensors: copies(shape.parameters, source.parameters)
                + copies(shape.buffers, source.buffers),
            step: step
        )
    }
}
