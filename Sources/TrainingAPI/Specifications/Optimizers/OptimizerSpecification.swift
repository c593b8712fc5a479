/// The update rule and what is done around it, by torch's definitions unless a field says otherwise.
public struct OptimizerSpecification: Hashable, Sendable {
    /// What the weight decay of a step is proportional to.
    public enum DecayCoupling: String, Hashable, Sendable, CaseIterable {
        /// The learning rate, as in torch: a smaller peak also means a smaller decay.
        case learningRate = "learning_rate"
        /// The rate as a share of its peak, so that the decay does not depend on the peak.
        ///
        /// Every rule's decay is then decoupled: weights shrink by `weight_decay · rate / peak` before
        /// the update. A group's `rate_factor` and `layer_decay` do not change it.
        ///
        /// Source: Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithms 1
        /// and 2, whose schedule multiplier is `rate / peak`.
        case schedule
    }

    /// The update rule.
    public var rule: Rule
    /// The tensors that weight decay leaves alone; none by default.
    public var weightDecayExclude: [TensorKind] = []
    /// What the weight decay of a step is proportional to.
    public var weightDecayCoupling = DecayCoupling.learningRate
    /// The limit of gradients; `nil` for none.
    public var gradientClip: GradientClip?
    /// Tensors with a rate or a decay of their own; a tensor belongs to the first that matches it.
    public var groups: [ParameterGroup] = []
    /// The factor of the rate from a layer to the one before it, in (0, 1]; 1 by default.
    ///
    /// The last layer with parameters keeps the whole rate; the one n layers before it has
    /// `layer_decay` to the power n of it, as in BEiT's and timm's layer-wise decay.
    public var layerDecay = 1.0
    /// The moving average of the weights; `nil` for none.
    public var average: WeightAverage?

    /// Makes a specification of `rule` alone.
    public init(_ rule: Rule) {
        self.rule = rule
    }

    /// Stochastic gradient descent.
    public static func sgd(_ parameters: StochasticGradientDescent) -> OptimizerSpecification {
        OptimizerSpecification(.sgd(parameters))
    }

    /// Adam with weight decay added to the gradient.
    public static func adam(_ parameters: Adam) -> OptimizerSpecification {
        OptimizerSpecification(.adam(parameters))
    }

    /// Adam with decoupled weight decay.
    public static func adamw(_ parameters: Adam) -> OptimizerSpecification {
        OptimizerSpecification(.adamw(parameters))
    }

    /// The optimizer of a job that names none.
    public static let standard = OptimizerSpecification.adamw(Adam(weightDecay: 0.01))

    /// The momentum recorded at every update where the schedule does not move it; 0 where the rule has
    /// none.
    public var momentum: Double { rule.momentum ?? 0 }

    /// How many floats the optimizer remembers for each parameter, the average's included.
    public var slotCount: Int { rule.slotCount + (average == nil ? 0 : 1) }

    /// The peak learning rate where a schedule gives none: 1e-3 for Adam's kinds; `nil` where it must
    /// be given.
    public var standardLearningRate: Double? {
        switch rule {
        case .adam, .adamw, .nadam: 1e-3
        case .sgd, .rmsprop, .adagrad, .lion: nil
        }
    }
}
