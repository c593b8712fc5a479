/// The update rule, by torch's definitions and defaults unless a field says otherwise.
public enum OptimizerSpecification: Hashable, Sendable {
    /// Stochastic gradient descent with momentum.
    case sgd(StochasticGradientDescent)
    /// Adam with weight decay added to the gradient (coupled, L2).
    case adam(Adam)
    /// Adam with decoupled weight decay: weights shrink by `rate · weightDecay` before the update.
    case adamw(Adam)

    /// The parameters of stochastic gradient descent.
    public struct StochasticGradientDescent: Hashable, Sendable {
        /// The share of the last velocity that is kept, in [0, 1); 0.9 by default.
        public var momentum: Double
        /// Whether the gradient is taken as if the momentum step had been made; off by default.
        public var nesterov: Bool
        /// The factor of the weights that is added to the gradient; 0 by default.
        public var weightDecay: Double

        /// Makes the parameters; the defaults are those of the normalised specification.
        public init(momentum: Double = 0.9, nesterov: Bool = false, weightDecay: Double = 0) {
            self.momentum = momentum
            self.nesterov = nesterov
            self.weightDecay = weightDecay
        }
    }

    /// The parameters of Adam and AdamW.
    public struct Adam: Hashable, Sendable {
        /// The decay of the mean of gradients, in [0, 1); 0.9 by default.
        public var beta1: Double
        /// The decay of the mean of squared gradients, in [0, 1); 0.999 by default.
        public var beta2: Double
        /// What is added to the root in the denominator; 1e-8 by default.
        public var epsilon: Double
        /// The weight decay; 0.01 by default for AdamW, 0 for Adam.
        public var weightDecay: Double

        /// Makes the parameters.
        public init(
            beta1: Double = 0.9,
            beta2: Double = 0.999,
            epsilon: Double = 1e-8,
            weightDecay: Double
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
        }
    }

    /// The momentum recorded at every update: SGD's `momentum`, Adam's `beta1`.
    public var momentum: Double {
        switch self {
        case .sgd(let parameters): parameters.momentum
        case .adam(let parameters), .adamw(let parameters): parameters.beta1
        }
    }
}
