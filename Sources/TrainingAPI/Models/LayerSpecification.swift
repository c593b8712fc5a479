/// One layer of a model, in torch's definitions and with torch's defaults.
public indirect enum LayerSpecification: Hashable, Sendable {
    /// `y = W·x + b` on flat features.
    case linear(Linear)
    /// A two-dimensional cross-correlation, zeros around the image.
    case convolution(Convolution)
    /// The largest value of each window; what lies outside the image counts as -∞.
    case maxPool(Window)
    /// The mean of each window; what lies outside the image counts as 0 and is counted.
    case averagePool(Window)
    /// The mean of each channel, which leaves an image of 1×1.
    case globalAveragePool
    /// Batch normalization of each feature or channel.
    case batchNorm(BatchNorm)
    /// A function of each value.
    case activation(Activation)
    /// Zeroes each value with probability `rate` and multiplies the others by `1 / (1 - rate)`, in
    /// training alone.
    case dropout(rate: Double)
    /// An image as features, channel by channel and row by row.
    case flatten
    /// `y = x + f(x)` of the layers inside, which must keep the shape.
    case residual([LayerSpecification])

    /// A linear layer's settings.
    public struct Linear: Hashable, Sendable {
        /// The values that go out; `nil` in the last layer alone, for as many as the data ask for.
        public var units: Int?
        /// Whether a trained number is added to each value.
        public var bias: Bool

        /// Makes the settings.
        public init(units: Int? = nil, bias: Bool = true) {
            self.units = units
            self.bias = bias
        }
    }

    /// A convolution's settings, equal in both directions.
    public struct Convolution: Hashable, Sendable {
        /// The channels that go out.
        public var channels: Int
        /// The side of the kernel.
        public var kernel: Int
        /// The distance between two places of the kernel; 1 by default.
        public var stride: Int
        /// The zeros around the image; 0 by default.
        public var padding: Int
        /// Whether a trained number is added to each channel.
        public var bias: Bool

        /// Makes the settings.
        public init(
            channels: Int,
            kernel: Int,
            stride: Int = 1,
            padding: Int = 0,
            bias: Bool = true
        ) {
            self.channels = channels
            self.kernel = kernel
            self.stride = stride
            self.padding = padding
            self.bias = bias
        }

        /// The places of the kernel.
        public var window: Window { Window(size: kernel, stride: stride, padding: padding) }
    }

    /// A square window that moves over an image.
    public struct Window: Hashable, Sendable {
        /// The window's side.
        public var size: Int
        /// The distance between two places of the window.
        public var stride: Int
        /// The width of the rim around the image; at most half the size.
        public var padding: Int

        /// Makes a window; `stride` is its size by default.
        public init(size: Int, stride: Int? = nil, padding: Int = 0) {
            self.size = size
            self.stride = stride ?? size
            self.padding = padding
        }

        /// The number of places of the window along a side of `length` values; below 1 where it does
        /// not fit.
        ///
        /// `⌊(length + 2 · padding - size) / stride⌋ + 1`
        public func places(along length: Int) -> Int {
            let room = length + 2 * padding - size
            return room < 0 ? 0 : room / stride + 1
        }
    }

    /// Batch normalization's settings.
    ///
    /// In training `y = (x - mean) / √(variance + epsilon) · scale + shift` of the batch's mean and
    /// population variance; in evaluation of the running ones, of which each training batch replaces
    /// the share `momentum` (the variance by the unbiased one).
    ///
    /// Source: Ioffe & Szegedy 2015, "Batch normalization", algorithms 1 and 2.
    public struct BatchNorm: Hashable, Sendable {
        /// The share of the running statistics that a batch replaces; 0.1 by default.
        public var momentum: Double
        /// What is added to the variance; 1e-5 by default.
        public var epsilon: Double

        /// Makes the settings.
        public init(momentum: Double = 0.1, epsilon: Double = 1e-5) {
            self.momentum = momentum
            self.epsilon = epsilon
        }
    }

    /// A function of each value.
    public enum Activation: String, Hashable, Sendable, CaseIterable {
        /// `max(0, x)`.
        case relu
        /// `x · Φ(x)`, Φ the normal distribution.
        ///
        /// Source: Hendrycks & Gimpel 2016, "Gaussian error linear units"; exact, by erf.
        case gelu
        /// The hyperbolic tangent.
        case tanh
        /// `x / (1 + e^-x)`, also called swish.
        case silu
    }
}
