/// The kind of model a job trains, with its sizes.
public enum ModelSpecification: Hashable, Sendable {
    /// Softmax regression: one linear layer from the features to the classes.
    case softmax
    /// A multi-layer perceptron: linear layers with an activation between them.
    case mlp(MultiLayerPerceptron)

    /// A multi-layer perceptron's hidden layers.
    public struct MultiLayerPerceptron: Hashable, Sendable {
        /// The width of each hidden layer, from input to output; 1 to 32 layers of 1 to 16,384 units.
        public var hidden: [Int]
        /// The function between linear layers; `relu` by default.
        public var activation: Activation

        /// Makes a perceptron with `hidden` layers and `activation` between them.
        public init(hidden: [Int] = [256, 128], activation: Activation = .relu) {
            self.hidden = hidden
            self.activation = activation
        }
    }

    /// An elementwise function between two linear layers.
    public enum Activation: String, Hashable, Sendable, CaseIterable {
        /// `max(0, x)`.
        case relu
    }
}
