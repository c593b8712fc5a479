import Datasets
import TrainingAPI

/// A model that can be run forward and backward over batches.
///
/// Parameters and buffers lie as the layouts of its `ModelShape` say. Flat values lie feature by
/// feature, [features, rows], so that a product with torch's weights gives them; images lie in blocks
/// of sixteen rows, [blocks, channels, height, width, 16]. Either way kernels take the same value of
/// sixteen rows at a time. Confined to one thread, and run by its workspaces one at a time.
final class Network {
    let shape: ModelShape
    /// The arrays of a workspace.
    let arrays: [ArrayPlan]
    /// The features that each of a workspace's masks is for.
    let maskCounts: [Int]
    private let operations: [any LayerOperation]
    private let criterion: Criterion

    /// Makes the model of `shape`; `dropoutSeed` is the seed of its dropout layers' masks.
    ///
    /// Throws where the loss does not fit the target or there is no memory.
    init(
        _ shape: ModelShape,
        loss: LossSpecification,
        target: DatasetDescription.Target,
        dropoutSeed: UInt64
    ) throws(TrainingError) {
        self.shape = shape
        var builder = NetworkBuilder(input: shape.input, dropoutSeed: dropoutSeed)
        try builder.append(shape.layers, isWhole: true)
        operations = builder.operations
        arrays = builder.arrays
        maskCounts = builder.maskCounts
        criterion = try Criterion(
            loss,
            target: target,
            outputs: builder.signal,
            bias: builder.deferredBias
        )
    }

    /// Computes the sum of the rows' losses of the batch in `workspace` and the gradient of that sum
    /// times `scale`, which is added to `gradients` where `accumulating`, and replaces them otherwise.
    ///
    /// The running statistics in `buffers` are carried on. Dropout masks are drawn for update `step`
    /// and the place `firstRow` of the batch's first row among the update's rows, so that cutting an
    /// update into batches changes no mask. For the mean over an update, `scale` is 1 over the sum
    /// of its batches' `lossWeight`.
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
        let pass = Pass(
            parameters: parameters,
            buffers: buffers,
            gradients: gradients,
            workspace: workspace,
            rows: rows,
            step: step,
            firstRow: firstRow,
            accumulating: accumulating
        )
        for operation in operations { try operation.forward(pass) }
        let sum = criterion.lossAndGradient(pass, scale: scale)
        for operation in operations.reversed() { try operation.backward(pass) }
        return sum
    }

    /// Whether a row's output can be right or wrong: whether it is a class.
    var classifies: Bool { criterion.isOfClasses }

    /// Whether rows count for more or less than one in the mean of their losses.
    var weighsRows: Bool { criterion.weighsRows }

    /// What the batch's sum of losses is divided by for their mean: its rows, or with class weights
    /// the sum of the weights of their classes.
    func lossWeight(_ workspace: Workspace, rows: Int) -> Double {
        criterion.weight(of: workspace.batch, rows: rows)
    }

    /// How the model does on the rows of the batch in `workspace`, without dropout and with the
    /// running statistics.
    func evaluate(
        _ parameters: FloatBuffer,
        buffers: FloatBuffer,
        _ workspace: Workspace,
        rows: Int
    ) throws(TrainingError) -> Score {
        let pass = Pass(
            parameters: parameters,
            buffers: buffers,
            gradients: nil,
            workspace: workspace,
            rows: rows,
            step: 0,
            firstRow: 0,
            accumulating: false
        )
        for operation in operations { try operation.forward(pass) }
        return criterion.score(pass)
    }
}
