extension OptimizerSpecification: JSONWritable {
    /// Reads an optimizer, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context),
            let type = object.type(among: Self.types, default: "adamw", &context)
        else { return nil }
        let rule = Rule(type, of: &object, &context)
        let exclude = object.read(Self.exclude, &context)
        let coupling = object.read(Self.coupling, &context)
        let clip = object.read(Self.clip, &context)
        let groups = object.read(Self.groupsField, &context)
        let layerDecay = object.read(Self.layerDecayField, &context)
        let average = object.read(Self.averageField, &context)
        object.finish(&context)
        guard let rule, let exclude, let coupling, let clip, let groups, let layerDecay, let average
        else { return nil }
        self.init(rule)
        weightDecayExclude = TensorKind.allCases.filter(exclude.contains)
        weightDecayCoupling = coupling
        gradientClip = clip
        self.groups = groups
        self.layerDecay = layerDecay
        self.average = average
    }

    /// Writes the optimizer with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            rule.write(to: &writer)
            writer.field(Self.exclude.name, weightDecayExclude)
            writer.field(Self.coupling.name, weightDecayCoupling)
            writer.field(Self.clip.name, gradientClip)
            writer.field(Self.groupsField.name, groups)
            writer.field(Self.layerDecayField.name, layerDecay)
            writer.field(Self.averageField.name, average)
        }
    }
}

extension OptimizerSpecification.Rule {
    private typealias Specification = OptimizerSpecification

    /// Reads the fields of the rule that `type` names.
    fileprivate init?(
        _ type: String,
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) {
        switch type {
        case "sgd":
            guard let parameters = Self.descent(&object, &context) else { return nil }
            self = .sgd(parameters)
        case "nadam":
            let adam = Self.adam(&object, decay: Specification.decay, &context)
            let momentumDecay = object.read(Specification.momentumDecay, &context)
            guard let adam, let momentumDecay else { return nil }
            self = .nadam(Specification.NesterovAdam(adam, momentumDecay: momentumDecay))
        case "rmsprop":
            guard let parameters = Self.propagation(&object, &context) else { return nil }
            self = .rmsprop(parameters)
        case "adagrad":
            let epsilon = object.read(Specification.adagradEpsilon, &context)
            let accumulator = object.read(Specification.accumulator, &context)
            let decay = object.read(Specification.decay, &context)
            guard let epsilon, let accumulator, let decay else { return nil }
            self = .adagrad(
                Specification.AdaptiveGradient(
                    epsilon: epsilon,
                    initialAccumulator: accumulator,
                    weightDecay: decay
                )
            )
        case "lion":
            let betas = object.read(Specification.lionBetas, &context)
            let decay = object.read(Specification.decay, &context)
            guard let betas, let decay else { return nil }
            self = .lion(
                Specification.Lion(beta1: betas[0], beta2: betas[1], weightDecay: decay)
            )
        default:
            let decay = type == "adam" ? Specification.decay : Specification.adamwDecay
            guard let adam = Self.adam(&object, decay: decay, &context) else { return nil }
            self = type == "adam" ? .adam(adam) : .adamw(adam)
        }
    }

    private static func descent(
        _ object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> OptimizerSpecification.StochasticGradientDescent? {
        let momentum = object.read(Specification.momentum, &context)
        let dampening = object.read(Specification.dampening, &context)
        let nesterov = object.read(Specification.nesterov, &context)
        let decay = object.read(Specification.decay, &context)
        guard let momentum, let dampening, let nesterov, let decay else { return nil }
        if nesterov, momentum == 0 || dampening > 0 {
            context.report(
                object.pointer.appending("nesterov"),
                .conflict,
                momentum == 0
                    ? "nesterov needs a momentum above 0, and momentum is 0"
                    : "nesterov goes with a dampening of 0, and dampening is \(shortest(dampening))"
            )
            return nil
        }
        return Specification.StochasticGradientDescent(
            momentum: momentum,
            dampening: dampening,
            nesterov: nesterov,
            weightDecay: decay
        )
    }

    private static func adam(
        _ object: inout ObjectDecoder,
        decay field: Field<Double>,
        _ context: inout DecodingContext
    ) -> OptimizerSpecification.Adam? {
        let betas = object.read(Specification.betas, &context)
        let epsilon = object.read(Specification.epsilon, &context)
        let decay = object.read(field, &context)
        guard let betas, let epsilon, let decay else { return nil }
        return Specification.Adam(
            beta1: betas[0],
            beta2: betas[1],
            epsilon: epsilon,
            weightDecay: decay
        )
    }

    private static func propagation(
        _ object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> OptimizerSpecification.RootMeanSquarePropagation? {
        let alpha = object.read(Specification.alpha, &context)
        let epsilon = object.read(Specification.epsilon, &context)
        let momentum = object.read(Specification.noMomentum, &context)
        let centered = object.read(Specification.centered, &context)
        let decay = object.read(Specification.decay, &context)
        guard let alpha, let epsilon, let momentum, let centered, let decay else { return nil }
        return Specification.RootMeanSquarePropagation(
            alpha: alpha,
            epsilon: epsilon,
            momentum: momentum,
            centered: centered,
            weightDecay: decay
        )
    }

    /// The word that stands in `type`.
    public var name: String {
        switch self {
        case .sgd: "sgd"
        case .adam: "adam"
        case .adamw: "adamw"
        case .nadam: "nadam"
        case .rmsprop: "rmsprop"
        case .adagrad: "adagrad"
        case .lion: "lion"
        }
    }

    /// Writes the type and the fields that are the rule's own.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("type", name)
        switch self {
        case .sgd(let parameters):
            writer.field(Specification.momentum.name, parameters.momentum)
            writer.field(Specification.dampening.name, parameters.dampening)
            writer.field(Specification.nesterov.name, parameters.nesterov)
        case .adam(let parameters), .adamw(let parameters):
            writer.field(Specification.betas.name, [parameters.beta1, parameters.beta2])
            writer.field(Specification.epsilon.name, parameters.epsilon)
        case .nadam(let parameters):
            let adam = parameters.adam
            writer.field(Specification.betas.name, [adam.beta1, adam.beta2])
            writer.field(Specification.epsilon.name, adam.epsilon)
            writer.field(Specification.momentumDecay.name, parameters.momentumDecay)
        case .rmsprop(let parameters):
            writer.field(Specification.alpha.name, parameters.alpha)
            writer.field(Specification.epsilon.name, parameters.epsilon)
            writer.field(Specification.noMomentum.name, parameters.momentum)
            writer.field(Specification.centered.name, parameters.centered)
        case .adagrad(let parameters):
            writer.field(Specification.adagradEpsilon.name, parameters.epsilon)
            writer.field(Specification.accumulator.name, parameters.initialAccumulator)
        case .lion(let parameters):
            writer.field(Specification.lionBetas.name, [parameters.beta1, parameters.beta2])
        }
        writer.field(Specification.decay.name, weightDecay)
    }
}
