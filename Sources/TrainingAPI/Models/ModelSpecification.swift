/// The model a job trains: its layers, how its weights begin and what is made small.
public struct ModelSpecification: Hashable, Sendable {
    /// The layers, as a kind with sizes or one by one.
    public enum Architecture: Hashable, Sendable {
        /// Softmax regression: one linear layer from the features to the classes.
        case softmax
        /// A multi-layer perceptron: linear layers with an activation after each but the last.
        case mlp(MultiLayerPerceptron)
        /// Convolutions with pooling, then a perceptron.
        case cnn(ConvolutionalNetwork)
        /// The given layers.
        case sequential([LayerSpecification])
    }

    /// An elementwise function between two layers.
    public typealias Activation = LayerSpecification.Activation

    /// A multi-layer perceptron's hidden layers.
    public struct MultiLayerPerceptron: Hashable, Sendable {
        /// The width of each hidden layer, from input to output; 1 to 32 layers of 1 to 16,384 units.
        public var hidden: [Int]
        /// The function after each hidden layer; `relu` by default.
        public var activation: Activation
        /// The share of each hidden layer's values that training zeroes; 0 by default.
        public var dropout: Double
        /// Whether each hidden layer is batch-normalized before its activation.
        public var batchNorm: Bool
        /// Whether a hidden layer as wide as the one before is added to what came in.
        public var residual: Bool

        /// Makes a perceptron.
        public init(
            hidden: [Int] = [256, 128],
            activation: Activation = .relu,
            dropout: Double = 0,
            batchNorm: Bool = false,
            residual: Bool = false
        ) {
            self.hidden = hidden
            self.activation = activation
            self.dropout = dropout
            self.batchNorm = batchNorm
            self.residual = residual
        }
    }

    /// A convolutional network's stages and the perceptron after them.
    ///
    /// A stage is a convolution that keeps the size of the image (for an odd kernel), the activation
    /// and a maximum over windows of `pool`.
    public struct ConvolutionalNetwork: Hashable, Sendable {
        /// The channels of each stage; 1 to 16 stages of 1 to 2,048.
        public var channels: [Int]
        /// The side of the kernels; 3 by default.
        public var kernel: Int
        /// The side of the windows; 2 by default, 1 for none.
        public var pool: Int
        /// The width of each hidden linear layer after the stages; may be empty.
        public var hidden: [Int]
        /// The function after each convolution and hidden layer; `relu` by default.
        public var activation: Activation
        /// The share of each hidden linear layer's values that training zeroes; 0 by default.
        public var dropout: Double
        /// Whether each convolution is batch-normalized before its activation.
        public var batchNorm: Bool
        /// Whether each channel's mean, in place of all its values, goes to the linear layers.
        public var globalAverage: Bool

        /// Makes a network.
        public init(
            channels: [Int] = [16, 32],
            kernel: Int = 3,
            pool: Int = 2,
            hidden: [Int] = [128],
            activation: Activation = .relu,
            dropout: Double = 0,
            batchNorm: Bool = false,
            globalAverage: Bool = false
        ) {
            self.channels = channels
            self.kernel = kernel
            self.pool = pool
            self.hidden = hidden
            self.activation = activation
            self.dropout = dropout
            self.batchNorm = batchNorm
            self.globalAverage = globalAverage
        }
    }

    /// The layers.
    public var architecture: Architecture
    /// How the weights begin; as in PyTorch by default.
    public var initialization: Initialization
    /// What training makes small.
    public var loss: LossSpecification

    /// Makes a model.
    public init(
        _ architecture: Architecture,
        initialization: Initialization = Initialization(),
        loss: LossSpecification = LossSpecification()
    ) {
        self.architecture = architecture
        self.initialization = initialization
        self.loss = loss
    }

    /// Softmax regression.
    public static let softmax = ModelSpecification(.softmax)

    /// A multi-layer perceptron with the other settings as they are by default.
    public static func mlp(_ perceptron: MultiLayerPerceptron) -> ModelSpecification {
        ModelSpecification(.mlp(perceptron))
    }

    /// A convolutional network with the other settings as they are by default.
    public static func cnn(_ network: ConvolutionalNetwork) -> ModelSpecification {
        ModelSpecification(.cnn(network))
    }

    /// A list of layers with the other settings as they are by default.
    public static func sequential(_ layers: [LayerSpecification]) -> ModelSpecification {
        ModelSpecification(.sequential(layers))
    }
}
