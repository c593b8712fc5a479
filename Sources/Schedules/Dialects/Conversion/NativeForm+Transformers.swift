extension NativeForm {
    /// The native form of a scheduler of Transformers; `nil` where there is none.
    static func transformers(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        if name == "reduce_lr_on_plateau" { return try plateau(request) }
        if name == "greedy" { return try greedy(request) }
        let rise = try arguments.optionalNumber("num_warmup_steps") ?? 0
        let total = try arguments.optionalNumber("num_training_steps") ?? 0
        let rest = request.length(max(1, total - rise))
        let curve: Curve
        switch name {
        case "constant": return NativeForm(.constant, peak: request.rate)
        case "constant_with_warmup": curve = .constant
        case "linear":
            guard total > rise else {
                return try request.risen(request.knots([(0, 0)]), over: rise, to: request.rate)
            }
            curve = try .linear(over: rest)
        case "cosine":
            guard try request.number("num_cycles") == 0.5 else { return nil }
            curve = try .cosine(to: .value(0), over: rest)
        case "cosine_with_restarts":
            let cycles = try request.number("num_cycles")
            curve = try .cosineRestarts(
                firstCycle: request.length(((total - rise) / cycles).rounded())
            )
        case "polynomial":
            curve = try .polynomial(
                power: request.number("power"),
                to: .value(request.number("lr_end")),
                over: rest
            )
        case "inverse_sqrt":
            let timescale = try arguments.optionalNumber("timescale") ?? (rise > 0 ? rise : 10_000)
            curve = try .inverseSquareRoot(timescale: request.length(timescale))
        case "cosine_with_min_lr", "cosine_warmup_with_min_lr":
            guard try request.number("num_cycles") == 0.5 else { return nil }
            let share =
                try arguments.optionalNumber("min_lr_rate")
                ?? (try request.number("min_lr")) / request.rate
            curve = try .cosine(to: .fractionOfPeak(share), over: rest)
        case "warmup_stable_decay":
            let fall = try request.number("num_decay_steps")
            let stable = try arguments.optionalNumber("num_stable_steps") ?? total - rise - fall
            let shapes: [String: CooldownShape] = [
                "linear": .linear, "cosine": .cosine, "1-sqrt": .oneMinusSquareRoot,
            ]
            guard try request.number("num_cycles") == 0.5, stable >= 0, fall > 0,
                let shape = try shapes[arguments.text("decay_type")]
            else { return nil }
            curve = try .warmupStableDecay(
                cooldown: request.length(fall),
                shape: shape,
                to: .fractionOfPeak(request.number("min_lr_ratio")),
                over: request.length(stable + fall)
            )
        default: return nil
        }
        return try request.risen(NativeForm(curve, peak: request.rate), over: rise)
    }

    /// The library's threshold points the other way for negative metrics, and its ceiling is a rate of its own.
    private static func greedy(_ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        let mode = try arguments.text("mode") == "max" ? FeedbackRule.Mode.maximum : .minimum
        let most = try request.number("max_lr")
        let least = try request.number("min_lr")
        guard try request.number("warmup") == 0, request.rate > 0, most >= request.rate
        else { return nil }
        return NativeForm(
            try .greedy(
                monitor: mode == .maximum ? "validation_accuracy" : "validation_loss",
                mode: mode,
                factor: request.number("factor"),
                patience: arguments.integer("patience"),
                margin: ImprovementMargin(
                    request.number("threshold"),
                    arguments.text("threshold_mode") == "rel" ? .relative : .absolute
                ),
                cooldown: arguments.integer("cooldown"),
                window: arguments.flag("smooth") ? arguments.integer("window_size") : 1,
                start: .value(request.rate),
                resetAfter: arguments.integer("reset_start")
            ),
            peak: most,
            floor: least > 0 ? min(least, most) : nil,
            notes: ["a relative threshold is a share of |best| here, and of best in the library"]
        )
    }
}
