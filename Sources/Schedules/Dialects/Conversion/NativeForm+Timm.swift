extension NativeForm {
    /// The native form of a scheduler of timm; `nil` where there is none.
    ///
    /// A warm-up without `warmup_prefix` hides the curve's beginning there; here the curve begins after it and ends
    /// where the library's does.
    static func timm(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        if name == "PlateauLRScheduler" { return try timmPlateau(request) }
        let warmup = try request.number("warmup_t")
        let isPrefix =
            name == "WSDLRScheduler" || arguments.value("warmup_prefix") == .flag(true)
        let hidden = isPrefix ? 0 : warmup
        let form: NativeForm?
        switch name {
        case "StepLRScheduler":
            guard hidden == 0 else { return nil }
            form = try stairs(request)
        case "MultiStepLRScheduler":
            // A milestone takes effect a call early there.
            form = try .milestones(
                arguments.numbers("decay_t").map { $0 - 1 - hidden },
                factor: request.number("decay_rate"),
                request
            )
        case "CosineLRScheduler", "TanhLRScheduler", "PolyLRScheduler":
            form = try cycles(name, hidden, request)
        case "WSDLRScheduler": form = try stableDecay(request)
        default: form = nil
        }
        guard let form else { return nil }
        return try request.risen(
            form,
            over: warmup,
            from: request.number("warmup_lr_init"),
            to: request.rate
        )
    }

    /// Stairs of any length; those that are no whole number of calls are written one by one.
    private static func stairs(_ request: Request) throws -> NativeForm? {
        let every = try request.number("decay_t")
        let factor = try request.number("decay_rate")
        if every == every.rounded() {
            return NativeForm(
                try .step(every: request.length(every), factor: factor),
                peak: request.rate
            )
        }
        let count = Int(min(request.calls / every, Double(NativePhases.limit) + 1))
        guard count <= NativePhases.limit else { return nil }
        var marks: [Double] = []
        var values = [request.rate]
        for stair in 1...max(count, 1) {
            let mark = (Double(stair) * every).rounded(.up)
            let value = request.rate * (try PythonNumber.power(factor, Double(stair)))
            if marks.last == mark {
                values[values.count - 1] = value
            } else {
                marks.append(mark)
                values.append(value)
            }
        }
        return try staircase(marks, values, request)
    }

    /// Cycles up to the limit, then the least rate; `hidden` calls of the first lie under the warm-up.
    private static func cycles(
        _ name: String,
        _ hidden: Double,
        _ request: Request
    ) throws -> NativeForm? {
        let least = try request.number("lr_min")
        let growth = try request.number("cycle_mul")
        let damping = try request.number("cycle_decay")
        let limit = try request.number("cycle_limit")
        var phases = NativePhases(request)
        var length = try request.number("t_initial")
        var peak = request.rate
        var cycle = 0.0
        while cycle < limit, !phases.isFull {
            guard phases.count < NativePhases.limit, peak > 0 else { return nil }
            let calls = cycle == 0 ? length - hidden : length
            guard calls > 0 else { return nil }
            let over = request.length(calls)
            let curve: Curve =
                switch name {
                case "TanhLRScheduler":
                    try .tanh(
                        lower: request.number("lb"),
                        upper: request.number("ub"),
                        to: .value(least),
                        over: over
                    )
                case "PolyLRScheduler":
                    try .polynomial(
                        power: request.number("power"),
                        to: .value(least),
                        over: over,
                        progressPower: request.number("k_decay")
                    )
                default:
                    try .cosine(
                        to: .value(least),
                        over: over,
                        progressPower: request.number("k_decay")
                    )
                }
            phases.add(NativeForm(curve, peak: peak), calls: cycle + 1 < limit ? calls : nil)
            length *= growth
            peak *= damping
            cycle += 1
        }
        return try phases.form()
    }

    /// A stable part, level or falling as a power, and the fall at its end.
    private static func stableDecay(_ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        let fall = try request.number("decay_t")
        let stable = try request.number("t_initial") - fall
        let least = try request.number("lr_min")
        let shapes: [String: CooldownShape] = [
            "linear": .linear, "1-sqrt": .oneMinusSquareRoot, "cosine": .cosine,
            "power": .power(try request.number("decay_power")),
            "exp": .exponential(ratio: try request.number("decay_ratio")),
        ]
        guard try arguments.text("stable_fn") == "constant",
            let shape = try shapes[arguments.text("decay_fn")]
        else { return nil }
        return NativeForm(
            try .warmupStableDecay(
                cooldown: request.length(fall),
                shape: shape,
                to: .value(least),
                over: request.length(stable + fall)
            ),
            peak: request.rate
        )
    }

    /// PyTorch's rule; greater is better unless `mode` says otherwise, and the warm-up is a native one.
    private static func timmPlateau(_ request: Request) throws -> NativeForm {
        let arguments = request.arguments
        let mode = try arguments.text("mode") == "max" ? FeedbackRule.Mode.maximum : .minimum
        let warmup = try request.number("warmup_t")
        let floor = try request.number("lr_min")
        return NativeForm(
            try .reduceOnPlateau(
                monitor: mode == .maximum ? "validation_accuracy" : "validation_loss",
                mode: mode,
                factor: request.number("decay_rate"),
                patience: arguments.integer("patience_t"),
                margin: ImprovementMargin(request.number("threshold"), .relative),
                cooldown: arguments.integer("cooldown_t")
            ),
            peak: request.rate,
            floor: floor > 0 ? floor : nil,
            warmup: warmup > 0
                ? try Warmup(
                    length: request.length(warmup),
                    from: .value(request.number("warmup_lr_init"))
                ) : nil,
            notes: [
                "a relative threshold is a share of |best| here; for negative metrics the library's points "
                    + "the other way"
            ]
        )
    }
}
