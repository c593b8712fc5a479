extension OptimizerSpecification {
    static let momentum = Field(
        "momentum",
        .number(from: 0, below: 1),
        default: 0.9,
        "The share of the last velocity that is kept."
    )
    static let noMomentum = Field(
        "momentum",
        .number(from: 0, below: 1),
        default: 0,
        "The share of the last velocity that is kept."
    )
    static let dampening = Field(
        "dampening",
        .number(from: 0, below: 1),
        default: 0,
        "The share of the gradient that does not enter the velocity after the first update."
    )
    static let nesterov = Field(
        "nesterov",
        .flag,
        default: false,
        "Whether the gradient looks ahead along the velocity."
    )
    static let betas = Field(
        "betas",
        .list(of: .number(from: 0, below: 1), count: 2...2),
        default: [0.9, 0.999],
        "The decays of the means of gradients and of squared gradients."
    )
    static let lionBetas = Field(
        "betas",
        .list(of: .number(from: 0, below: 1), count: 2...2),
        default: [0.9, 0.99],
        "The share of the mean in the update's direction, and the decay of the mean of gradients."
    )
    static let epsilon = Field(
        "eps",
        .number(above: 0, to: 1),
        default: 1e-8,
        "What is added to the root in the denominator."
    )
    static let adagradEpsilon = Field(
        "eps",
        .number(above: 0, to: 1),
        default: 1e-10,
        "What is added to the root in the denominator."
    )
    static let momentumDecay = Field(
        "momentum_decay",
        .number(from: 0, to: 1),
        default: 0.004,
        "How fast the momentum rises towards the first of betas."
    )
    static let alpha = Field(
        "alpha",
        .number(from: 0, below: 1),
        default: 0.99,
        "The decay of the mean of squared gradients."
    )
    static let centered = Field(
        "centered",
        .flag,
        default: false,
        "Whether the gradients' variance stands in place of their mean square."
    )
    static let accumulator = Field(
        "initial_accumulator_value",
        .number(from: 0, to: 1e9),
        default: 0,
        "Where the sums of squared gradients begin."
    )
    static let decay = weightDecay(default: 0)
    static let adamwDecay = weightDecay(default: 0.01)

    private static func weightDecay(default value: Double) -> Field<Double> {
        Field("weight_decay", .number(from: 0, to: 1_000), default: value, "The weight decay.")
    }

    static let exclude = Field(
        "weight_decay_exclude",
        .list(of: ValueRule<TensorKind>.choice, count: 0...2),
        default: [],
        "The tensors that weight decay leaves alone: \"bias\", \"norm\" or both."
    )
    static let coupling = Field(
        "weight_decay_coupling",
        ValueRule<DecayCoupling>.choice,
        default: .learningRate,
        "Whether weight decay goes with the learning rate, or with its share of the peak."
    )
    static let clip = Field(
        "gradient_clip",
        GradientClip.rule,
        default: nil,
        "The limit of the gradient's norm or values; null for none."
    )
    static let groupsField = Field(
        "groups",
        .list(of: ParameterGroup.rule, count: 0...100),
        default: [],
        "Tensors with a rate or decay of their own; the first group that matches holds."
    )
    static let layerDecayField = Field(
        "layer_decay",
        .number(above: 0, to: 1),
        default: 1,
        "The factor of the rate from a layer with parameters to the one before it."
    )
    static let averageField = Field(
        "ema",
        WeightAverage.rule,
        default: nil,
        "A moving average of the weights; null for none."
    )

    /// The fields that every kind of optimizer has.
    private static let shared: [any DescribedField] = [
        exclude, coupling, clip, groupsField, layerDecayField, averageField,
    ]

    /// Every kind of optimizer.
    public static let types = [
        TypeDescription(
            name: "sgd",
            summary: "Stochastic gradient descent with momentum, as torch defines it.",
            fields: [momentum, dampening, nesterov, decay] + shared
        ),
        TypeDescription(
            name: "adam",
            summary: "Adam with weight decay added to the gradient.",
            fields: [betas, epsilon, decay] + shared
        ),
        TypeDescription(
            name: "adamw",
            summary: "Adam with decoupled weight decay.",
            fields: [betas, epsilon, adamwDecay] + shared
        ),
        TypeDescription(
            name: "nadam",
            summary: "Adam with Nesterov's momentum, as torch defines it.",
            fields: [betas, epsilon, momentumDecay, decay] + shared
        ),
        TypeDescription(
            name: "rmsprop",
            summary: "Gradients over the root of their mean square, as torch defines it.",
            fields: [alpha, epsilon, noMomentum, centered, decay] + shared
        ),
        TypeDescription(
            name: "adagrad",
            summary: "Gradients over the root of their summed squares, as torch defines it.",
            fields: [adagradEpsilon, accumulator, decay] + shared
        ),
        TypeDescription(
            name: "lion",
            summary: "The sign of a mean of gradients, with decoupled weight decay.",
            fields: [lionBetas, decay] + shared
        ),
    ]
}

extension OptimizerSpecification.DecayCoupling: JSONWritable {
    /// Writes the coupling's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
