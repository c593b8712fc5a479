extension OptimizerSpecification {
    /// An update rule with its parameters.
    public enum Rule: Hashable, Sendable {
        /// Stochastic gradient descent.
        case sgd(StochasticGradientDescent)
        /// Adam with weight decay added to the gradient (coupled, L2).
        case adam(Adam)
        /// Adam with decoupled weight decay: weights shrink by `rate · weightDecay` before the update.
        case adamw(Adam)
        /// Adam with Nesterov's momentum; weight decay is added to the gradient.
        case nadam(NesterovAdam)
        /// RMSprop; weight decay is added to the gradient.
        case rmsprop(RootMeanSquarePropagation)
        /// Adagrad; weight decay is added to the gradient.
        case adagrad(AdaptiveGradient)
        /// Lion, with decoupled weight decay.
        case lion(Lion)
    }

    /// The parameters of stochastic gradient descent.
    public struct StochasticGradientDescent: Hashable, Sendable {
        /// The share of the last velocity that is kept, in [0, 1); 0.9 by default.
        public var momentum: Double
        /// The share of the gradient that does not enter the velocity, in [0, 1); 0 by default.
        public var dampening: Double
        /// Whether the gradient is taken as if the momentum step had been made; off by default.
        public var nesterov: Bool
        /// The factor of the weights that is added to the gradient; 0 by default.
        public var weightDecay: Double

        /// Makes the parameters; the defaults are those of the normalised specification.
        public init(
            momentum: Double = 0.9,
            dampening: Double = 0,
            nesterov: Bool = false,
            weightDecay: Double = 0
        ) {
            self.momentum = momentum
            self.dampening = dampening
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

    /// The parameters of NAdam.
    public struct NesterovAdam: Hashable, Sendable {
        /// What it shares with Adam; its weight decay is 0 by default.
        public var adam: Adam
        /// How fast the momentum rises towards `beta1`; 0.004 by default.
        public var momentumDecay: Double

        /// Makes the parameters.
        public init(_ adam: Adam = Adam(weightDecay: 0), momentumDecay: Double = 0.004) {
            self.adam = adam
            self.momentumDecay = momentumDecay
        }
    }

    /// The parameters of RMSprop.
    public struct RootMeanSquarePropagation: Hashable, Sendable {
        /// The decay of the mean of squared gradients, in [0, 1); 0.99 by default.
        public var alpha: Double
        /// What is added to the root in the denominator; 1e-8 by default.
        public var epsilon: Double
        /// The share of the last velocity that is kept, in [0, 1); 0 by default.
        public var momentum: Double
        /// Whether the gradients' variance stands in place of their mean square; off by default.
        public var centered: Bool
        /// The factor of the weights that is added to the gradient; 0 by default.
        public var weightDecay: Double

        /// Makes the parameters.
        public init(
            alpha: Double = 0.99,
            epsilon: Double = 1e-8,
            momentum: Double = 0,
            centered: Bool = false,
            weightDecay: Double = 0
        ) {
            self.alpha = alpha
            self.epsilon = epsilon
            self.momentum = momentum
            self.centered = centered
            self.weightDecay = weightDecay
        }
    }

    /// The parameters of Adagrad.
    public struct AdaptiveGradient: Hashable, Sendable {
        /// What is added to the root in the denominator; 1e-10 by default.
        public var epsilon: Double
        /// Where the sums of squared gradients begin; 0 by default.
        public var initialAccumulator: Double
        /// The factor of the weights that is added to the gradient; 0 by default.
        public var weightDecay: Double

        /// Makes the parameters.
        public init(
            epsilon: Double = 1e-10,
            initialAccumulator: Double = 0,
            weightDecay: Double = 0
        ) {
            self.epsilon = epsilon
            self.initialAccumulator = initialAccumulator
            self.weightDecay = weightDecay
        }
    }

    /// The parameters of Lion.
    ///
    /// Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2.
    public struct Lion: Hashable, Sendable {
        /// The share of the mean in the update's direction, in [0, 1); 0.9 by default.
        public var beta1: Double
        /// The decay of the mean of gradients, in [0, 1); 0.99 by default.
        public var beta2: Double
        /// The weight decay; 0 by default.
        public var weightDecay: Double

        /// Makes the parameters.
        public init(beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.weightDecay = weightDecay
        }
    }
}

extension OptimizerSpecification.Rule {
    /// The momentum that a schedule can move: `momentum`, or `beta1`; `nil` where the rule has none.
    public var momentum: Double? {
        switch self {
        case .sgd(let parameters): parameters.momentum
        case .adam(let parameters), .adamw(let parameters): parameters.beta1
        case .nadam(let parameters): parameters.adam.beta1
        case .rmsprop(let parameters): parameters.momentum
        case .adagrad: nil
        case .lion(let parameters): parameters.beta1
        }
    }

    /// The weight decay of tensors whose group says nothing else.
    public var weightDecay: Double {
        switch self {
        case .sgd(let parameters): parameters.weightDecay
        case .adam(let parameters), .adamw(let parameters): parameters.weightDecay
        case .nadam(let parameters): parameters.adam.weightDecay
        case .rmsprop(let parameters): parameters.weightDecay
        case .adagrad(let parameters): parameters.weightDecay
        case .lion(let parameters): parameters.weightDecay
        }
    }

    /// Whether weight decay shrinks the weights rather than adding to the gradient.
    public var decouplesWeightDecay: Bool {
        switch self {
        case .adamw, .lion: true
        case .sgd, .adam, .nadam, .rmsprop, .adagrad: false
        }
    }

    /// How many floats the rule remembers for each parameter.
    public var slotCount: Int {
        switch self {
        case .sgd, .adagrad, .lion: 1
        case .adam, .adamw, .nadam: 2
        // The squares, a velocity that a schedule may move from 0, and the means where centred.
        case .rmsprop(let parameters): parameters.centered ? 3 : 2
        }
    }
}
