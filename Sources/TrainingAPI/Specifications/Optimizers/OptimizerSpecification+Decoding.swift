extension OptimizerSpecification: JSONWritable {
    private static let momentum = Field(
        "momentum",
        .number(from: 0, below: 1),
        default: 0.9,
        "The share of the last velocity that is kept."
    )
    private static let nesterov = Field(
        "nesterov",
        .flag,
        default: false,
        "Whether the gradient looks ahead along the velocity."
    )
    private static let betas = Field(
        "betas",
        .list(of: .number(from: 0, below: 1), count: 2...2),
        default: [0.9, 0.999],
        "The decays of the means of gradients and of squared gradients."
    )
    private static let epsilon = Field(
        "eps",
        .number(above: 0, to: 1),
        default: 1e-8,
        "What is added to the root in the denominator."
    )

    private static func weightDecay(default value: Double) -> Field<Double> {
        Field("weight_decay", .number(from: 0, to: 1_000), default: value, "The weight decay.")
    }

    /// Every kind of optimizer.
    public static let types = [
        TypeDescription(
            name: "sgd",
            summary: "Stochastic gradient descent with momentum, as torch defines it.",
            fields: [momentum, nesterov, weightDecay(default: 0)]
        ),
        TypeDescription(
            name: "adam",
            summary: "Adam with weight decay added to the gradient.",
            fields: [betas, epsilon, weightDecay(default: 0)]
        ),
        TypeDescription(
            name: "adamw",
            summary: "Adam with decoupled weight decay.",
            fields: [betas, epsilon, weightDecay(default: 0.01)]
        ),
    ]

    /// The optimizer of a job that names none.
    public static let standard = OptimizerSpecification.adamw(Adam(weightDecay: 0.01))

    /// The peak learning rate where a schedule gives none; `nil` where it must be given.
    public var standardLearningRate: Double? {
        if case .sgd = self { nil } else { 1e-3 }
    }

    /// Reads an optimizer, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context),
            let type = object.type(among: Self.types, default: "adamw", &context)
        else { return nil }
        guard type == "sgd" else {
            let decay = Self.weightDecay(default: type == "adam" ? 0 : 0.01)
            let betas = object.read(Self.betas, &context)
            let epsilon = object.read(Self.epsilon, &context)
            let weightDecay = object.read(decay, &context)
            object.finish(&context)
            guard let betas, let epsilon, let weightDecay else { return nil }
            let adam = Adam(
                beta1: betas[0],
                beta2: betas[1],
                epsilon: epsilon,
                weightDecay: weightDecay
            )
            self = type == "adam" ? .adam(adam) : .adamw(adam)
            return
        }
        let momentum = object.read(Self.momentum, &context)
        let nesterov = object.read(Self.nesterov, &context)
        let weightDecay = object.read(Self.weightDecay(default: 0), &context)
        object.finish(&context)
        guard let momentum, let nesterov, let weightDecay else { return nil }
        if nesterov, momentum == 0 {
            context.report(
                pointer.appending("nesterov"),
                .conflict,
                "nesterov needs a momentum above 0, and momentum is 0",
                at: object.position
            )
            return nil
        }
        self = .sgd(
            StochasticGradientDescent(
                momentum: momentum,
                nesterov: nesterov,
                weightDecay: weightDecay
            )
        )
    }

    /// Writes the optimizer with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .sgd(let parameters):
                writer.field("type", "sgd")
                writer.field(Self.momentum.name, parameters.momentum)
                writer.field(Self.nesterov.name, parameters.nesterov)
                writer.field("weight_decay", parameters.weightDecay)
            case .adam(let parameters):
                writer.field("type", "adam")
                Self.write(parameters, to: &writer)
            case .adamw(let parameters):
                writer.field("type", "adamw")
                Self.write(parameters, to: &writer)
            }
        }
    }

    private static func write(_ parameters: Adam, to writer: inout JSONWriter) {
        writer.field(betas.name, [parameters.beta1, parameters.beta2])
        writer.field(epsilon.name, parameters.epsilon)
        writer.field("weight_decay", parameters.weightDecay)
    }
}
