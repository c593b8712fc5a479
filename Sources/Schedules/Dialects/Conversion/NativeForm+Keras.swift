extension NativeForm {
    /// The native form of a schedule of Keras; `nil` where there is none.
    static func keras(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        switch name {
        case "ExponentialDecay":
            return NativeForm(
                try .exponential(
                    factor: request.number("decay_rate"),
                    every: request.length("decay_steps"),
                    staircase: arguments.flag("staircase")
                ),
                peak: try request.number("initial_learning_rate")
            )
        case "InverseTimeDecay":
            return NativeForm(
                try .inverseTime(
                    factor: request.number("decay_rate"),
                    every: request.length("decay_steps"),
                    staircase: arguments.flag("staircase")
                ),
                peak: try request.number("initial_learning_rate")
            )
        case "PolynomialDecay":
            guard try !arguments.flag("cycle") else { return nil }
            return NativeForm(
                try .polynomial(
                    power: request.number("power"),
                    to: .value(request.number("end_learning_rate")),
                    over: request.length("decay_steps")
                ),
                peak: try request.number("initial_learning_rate")
            )
        case "PiecewiseConstantDecay":
            // A boundary's own step has the old value there, the new one here.
            return try staircase(
                arguments.numbers("boundaries").map { $0 + 1 },
                arguments.numbers("values"),
                request
            )
        case "CosineDecay":
            let target = try arguments.optionalNumber("warmup_target")
            let initial = try request.number("initial_learning_rate")
            let rise = target == nil ? 0 : try request.number("warmup_steps")
            return try request.risen(
                NativeForm(
                    .cosine(
                        to: .fractionOfPeak(request.number("alpha")),
                        over: request.length("decay_steps")
                    ),
                    peak: target ?? initial
                ),
                over: rise,
                from: initial
            )
        case "CosineDecayRestarts":
            return NativeForm(
                try .cosineRestarts(
                    firstCycle: request.length("first_decay_steps"),
                    cycleFactor: request.number("t_mul"),
                    peakFactor: request.number("m_mul"),
                    to: .fractionOfPeak(request.number("alpha"))
                ),
                peak: try request.number("initial_learning_rate")
            )
        case "ReduceLROnPlateau": return try kerasPlateau(request)
        default: return nil
        }
    }

    /// Reduces on the `patience`-th bad report, where the native rule waits for one more.
    private static func kerasPlateau(_ request: Request) throws -> NativeForm {
        let arguments = request.arguments
        let names = ["val_loss": "validation_loss", "val_accuracy": "validation_accuracy"]
        let word = try arguments.text("monitor")
        let monitor = names[word] ?? word
        let cooldown = try arguments.integer("cooldown")
        let floor = try request.number("min_lr")
        let mode: FeedbackRule.Mode? =
            switch try arguments.text("mode") {
            case "min": .minimum
            case "max": .maximum
            default: nil
            }
        return NativeForm(
            try .reduceOnPlateau(
                monitor: monitor,
                mode: mode,
                factor: request.number("factor"),
                patience: max(0, arguments.integer("patience") - 1),
                margin: ImprovementMargin(request.number("min_delta"), .absolute),
                cooldown: max(0, cooldown - 1)
            ),
            peak: request.rate,
            floor: floor > 0 ? floor : nil,
            notes: [
                "patience and cooldown are less by one here: the library reduces on the patience-th bad "
                    + "report, and counts the report that reduces as the first of its cooldown"
            ]
        )
    }
}
