/// A layer whose shapes and tensors are known.
package struct LayerPlan: Hashable, Sendable {
    /// What a layer computes.
    package enum Operation: Hashable, Sendable {
        /// `y = W·x + b`; weights [outputs, inputs].
        case linear(weight: ParameterTensor, bias: ParameterTensor?)
        /// A cross-correlation; weights [outputs, inputs, kernel, kernel].
        case convolution(
            LayerSpecification.Window,
            weight: ParameterTensor,
            bias: ParameterTensor?
        )
        /// The largest value of each window.
        case maxPool(LayerSpecification.Window)
        /// The mean of each window, zeros around the image counted.
        case averagePool(LayerSpecification.Window)
        /// Each channel's mean.
        case globalAveragePool
        /// Batch normalization.
        case batchNorm(BatchNorm)
        /// A function of each value.
        case activation(LayerSpecification.Activation)
        /// Dropout; `place` is the 0-based one among the model's dropout layers, the layer of its
        /// random stream.
        case dropout(rate: Double, place: Int)
        /// An image as features.
        case flatten
        /// `y = x + f(x)` of these layers.
        case residual([LayerPlan])
    }

    /// A batch normalization's settings and tensors, each [channels].
    package struct BatchNorm: Hashable, Sendable {
        /// The settings.
        package let settings: LayerSpecification.BatchNorm
        /// The factors, among the parameters.
        package let scale: ParameterTensor
        /// The summands, among the parameters.
        package let shift: ParameterTensor
        /// The running mean, among the buffers.
        package let runningMean: ParameterTensor
        /// The running unbiased variance, among the buffers.
        package let runningVariance: ParameterTensor
    }

    /// The module's name in the equivalent `nn.Sequential`: `3`, or inside a residual block
    /// `3.layers.0`.
    package let name: String
    /// What comes in.
    package let input: TensorShape
    /// What goes out.
    package let output: TensorShape
    /// What is computed.
    package let operation: Operation
}
