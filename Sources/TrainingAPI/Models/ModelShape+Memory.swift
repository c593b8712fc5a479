extension ModelShape {
    /// What a training takes for weights, optimizer and batches, in bytes; the data's own file is
    /// mapped and shared, and not counted.
    ///
    /// An upper bound but for what the process has anyway and oneDNN's own buffers, a few MiB. It counts
    /// the copies of the state that are on their way to the server, of which the last may be made while
    /// one is being sent, and what the model leaves at its end.
    ///
    /// `batchSize` rows are trained on at once, and `evaluationBatchSize` evaluated.
    package func memoryEstimate(
        batchSize: Int,
        evaluationBatchSize: Int,
        optimizer: OptimizerSpecification,
        onNonFinite: NonFinitePolicy = .fail
    ) -> Int {
        // Weights, gradients, the best weights, and the optimizer's own.
        var weights = parameters.count * (3 + optimizer.slotCount) + 3 * buffers.count
        // What a rollback goes back to: all of them but gradients and best weights.
        if onNonFinite == .rollback {
            weights += parameters.count * (1 + optimizer.slotCount) + buffers.count
        }
        // A checkpoint has all of them but the gradients and the statistics before an update.
        weights += 2 * (weights - parameters.count - buffers.count)
        // Two models as they leave: copies of both, their files, and a graph that grows as it is made.
        weights += Self.leavingCopies * (parameters.count + buffers.count)
        let batches =
            workspaceFloats(rows: batchSize, isTraining: true)
            + workspaceFloats(rows: evaluationBatchSize, isTraining: false)
        return (weights + batches) * MemoryLayout<Float>.stride
    }

    /// How often the weights lie in memory while a run's files are made: twice for each of the two
    /// models, and up to four times for the graph.
    private static let leavingCopies = 8

    /// The most floats that a batch of `rows` passes through.
    package func workspaceFloats(rows: Int, isTraining: Bool) -> Int {
        let stride = Self.featureStride(rows: rows)
        // The features as they are read, an image also as it is laid out for convolutions, and the
        // labels or targets.
        let isImage = if case .image = input { true } else { false }
        let batch = (rows + (isImage ? stride : 0)) * input.count + stride * (outputs + 3)
        return batch + Self.floats(of: layers, stride: stride, isTraining: isTraining)
    }

    /// The floats from one feature to the next where each has its `rows` beside each other.
    ///
    /// Sixteen rows are computed at a time. Where the distance was a multiple of 64 floats, the rows of a
    /// matrix would share a few places of the processor's caches.
    package static func featureStride(rows: Int) -> Int {
        let stride = (rows + 15) / 16 * 16
        return stride % 64 == 0 ? stride + 16 : stride
    }

    private static func floats(of layers: [LayerPlan], stride: Int, isTraining: Bool) -> Int {
        layers.map { layer in
            let values = layer.output.count * stride * (isTraining ? 2 : 1)
            return switch layer.operation {
            // These write over what came in, or what a layer before has made.
            case .activation(.relu), .dropout: values / 32
            case .linear(let weight, _): values + (isTraining ? weight.spreadCount : 0)
            case .convolution(let window, let weight, _):
                // The weights in the order of the kernels, twice, sixteen partial gradients, and a block
                // of what comes in with a rim.
                values + weight.paddedCount * (isTraining ? 20 : 2)
                    + 16 * layer.input.count(withRim: window.padding)
            case .residual(let inner):
                2 * values
                    + floats(of: inner, stride: stride, isTraining: isTraining)
            default: values
            }
        }.reduce(0, +)
    }
}

extension ParameterTensor {
    /// The floats from one row to the next in a copy whose rows do not share places of the caches, which
    /// rows of a multiple of 2 KiB do; nil for others.
    package var spreadStride: Int? {
        shape.count == 2 && shape[1] % 512 == 0 ? shape[1] + 16 : nil
    }

    /// The floats of such a copy.
    fileprivate var spreadCount: Int { spreadStride.map { $0 * shape[0] } ?? 0 }
}

extension TensorShape {
    /// The values of an image with `padding` more on every side; none where there is no rim.
    fileprivate func count(withRim padding: Int) -> Int {
        guard case .image(let channels, let height, let width) = self, padding > 0 else { return 0 }
        return channels * (height + 2 * padding) * (width + 2 * padding)
    }
}
