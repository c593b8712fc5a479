/// One batch's way through a network.
struct Pass {
    let parameters: FloatBuffer
    let buffers: FloatBuffer
    /// Where the gradient goes; nil in an evaluation.
    let gradients: FloatBuffer?
    let workspace: Workspace
    /// The rows of the batch.
    let rows: Int
    /// The update, and the place of the batch's first row in it.
    let step: Int
    let firstRow: Int
    /// Whether the gradient is added to what is there.
    let accumulating: Bool

    /// Whether the pass is one of training: batch statistics, dropout and gradients.
    var isTraining: Bool { gradients != nil }
    /// The blocks of sixteen rows.
    var blocks: Int { rows.roundedUpToLanes / 16 }

    /// Where the gradient of a tensor at `offset` goes.
    func gradient(at offset: Int) -> UnsafeMutablePointer<Float> {
        guard let gradients else { preconditionFailure("an evaluation has no gradients") }
        return gradients.elements + offset
    }
}

/// One step of a network, with what it reads and writes.
protocol LayerOperation {
    /// Computes what goes out from what comes in.
    func forward(_ pass: Pass) throws(TrainingError)
    /// Computes the gradient of what came in, and of the layer's own tensors, from that of what
    /// went out.
    func backward(_ pass: Pass) throws(TrainingError)
}
