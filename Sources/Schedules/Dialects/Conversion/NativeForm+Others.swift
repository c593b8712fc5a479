extension NativeForm {
    static func transformers(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        if name == "reduce_lr_on_plateau" { return try plateau(request) }
        let rise = try arguments.optionalNumber("num_warmup_steps") ?? 0
        let total = try arguments.optionalNumber("num_training_steps") ?? 0
        let warmup = try request.warmup(rise)
        let rest = request.length(max(1, total - rise))
        let curve: Curve
        switch name {
        case "constant": return NativeForm(.constant, peak: request.rate)
        case "constant_with_warmup": curve = .constant
        case "linear": curve = try .linear(over: rest)
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
        let notes =
            warmup == nil
            ? []
            : [
                "the native warm-up gives update t the share (t + 1) / (w + 1) of the peak, not t / w: "
                    + "update 0 is not wasted"
            ]
        return NativeForm(curve, peak: request.rate, warmup: warmup, notes: notes)
    }

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
            return NativeForm(
                try .cosine(
                    to: .fractionOfPeak(request.number("alpha")),
                    over: request.length("decay_steps")
                ),
                peak: target ?? initial,
                warmup: try request.warmup(rise, from: initial)
            )
        case "CosineDecayRestarts":
            guard try request.number("alpha") == 0 else { return nil }
            return NativeForm(
                try .cosineRestarts(
                    firstCycle: request.length("first_decay_steps"),
                    cycleFactor: request.number("t_mul"),
                    peakFactor: request.number("m_mul")
                ),
                peak: try request.number("initial_learning_rate")
            )
        default: return nil
        }
    }

    static func optax(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        switch name {
        case "constant_schedule":
            return NativeForm(.constant, peak: try request.number("value"))
        case "linear_schedule", "polynomial_schedule":
            let power = name == "linear_schedule" ? 1 : try request.number("power")
            guard try request.number("transition_begin") <= 0 else { return nil }
            return NativeForm(
                try .polynomial(
                    power: power,
                    to: .value(request.number("end_value")),
                    over: request.length("transition_steps")
                ),
                peak: try request.number("init_value")
            )
        case "exponential_decay":
            guard try request.number("transition_begin") <= 0 else { return nil }
            let factor = try request.number("decay_rate")
            let end = try arguments.optionalNumber("end_value")
            guard end == nil || factor < 1 else { return nil }
            return NativeForm(
                try .exponential(
                    factor: factor,
                    every: request.length("transition_steps"),
                    staircase: arguments.flag("staircase")
                ),
                peak: try request.number("init_value"),
                floor: end
            )
        case "cosine_decay_schedule":
            guard try request.number("exponent") == 1 else { return nil }
            return NativeForm(
                try .cosine(
                    to: .fractionOfPeak(request.number("alpha")),
                    over: request.length("decay_steps")
                ),
                peak: try request.number("init_value")
            )
        case "piecewise_constant_schedule":
            let scales = try OptaxMaking.boundaries(arguments)
            var values = [try request.number("init_value")]
            for (_, scale) in scales { values.append(values[values.count - 1] * scale) }
            return try staircase(scales.map(\.boundary), values, request)
        case "warmup_cosine_decay_schedule":
            guard try request.number("exponent") == 1 else { return nil }
            let rise = try request.number("warmup_steps")
            return NativeForm(
                try .cosine(
                    to: .value(request.number("end_value")),
                    over: request.length(request.number("decay_steps") - rise)
                ),
                peak: try request.number("peak_value"),
                warmup: try request.warmup(rise, from: request.number("init_value"))
            )
        default: return nil
        }
    }

    static func timm(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        guard name != "PlateauLRScheduler" else { return nil }
        let warmup = try request.warmup(
            request.number("warmup_t"),
            from: request.number("warmup_lr_init")
        )
        let isPrefix = warmup == nil || arguments.value("warmup_prefix") == .flag(true)
        switch name {
        case "StepLRScheduler" where isPrefix:
            return NativeForm(
                try .step(every: request.length("decay_t"), factor: request.number("decay_rate")),
                peak: request.rate,
                warmup: warmup
            )
        case "MultiStepLRScheduler" where isPrefix:
            // A milestone takes effect a call early there.
            let marks = try arguments.numbers("decay_t").map { $0 - 1 }
            return NativeForm(
                try .multiStep(
                    milestones: marks.map(request.length),
                    factor: request.number("decay_rate")
                ),
                peak: request.rate,
                warmup: warmup
            )
        case "CosineLRScheduler" where isPrefix:
            guard try request.number("cycle_limit") == 1, try request.number("cycle_mul") == 1
            else { return nil }
            return NativeForm(
                try .cosine(
                    to: .value(request.number("lr_min")),
                    over: request.length("t_initial"),
                    progressPower: request.number("k_decay")
                ),
                peak: request.rate,
                warmup: warmup
            )
        default: return nil
        }
    }

    static func fastai(_ name: String, _ request: Request) throws -> NativeForm? {
        guard name == "fit_one_cycle" else { return nil }
        let peak = try request.arguments.optionalNumber("lr_max") ?? request.rate
        let batches = try request.number("n_epoch") * request.number("batches_per_epoch")
        let momenta = try request.arguments.numbers("moms")
        guard momenta.count == 3, momenta[0] == momenta[2] else { return nil }
        return NativeForm(
            try .oneCycle(
                rise: request.length((request.number("pct_start") * batches).rounded()),
                startDivisor: request.number("div"),
                endDivisor: request.number("div_final"),
                momentum: MomentumRange(high: momenta[0], low: momenta[1]),
                over: request.length(batches)
            ),
            peak: peak
        )
    }
}
