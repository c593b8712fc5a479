extension NativeForm {
    /// The native form of a scheduler of pytorch_optimizer; `nil` where there is none.
    static func pytorchOptimizer(_ name: String, _ request: Request) throws -> NativeForm? {
        switch name {
        case "REXScheduler":
            return NativeForm(
                try .rex(to: .value(request.number("min_lr")), over: request.length("total_steps")),
                peak: try request.number("max_lr"),
                notes: ["the library is a step ahead: its update t has the rate of t + 1 here"]
            )
        case "chebyshev": return try chebyshev(request)
        case "get_wsd_schedule": return try stableDecay(request)
        case "LinearScheduler", "CosineScheduler": return try warmedFall(name, request)
        case "CosineAnnealingWarmupRestarts": return try warmedRestarts(request)
        default: return nil
        }
    }

    /// The library's order lags by two calls and is cut short, so its rates are written one by one.
    private static func chebyshev(_ request: Request) throws -> NativeForm? {
        guard try !request.arguments.flag("is_warmup") else {
            return NativeForm(.constant, peak: request.rate)
        }
        let epochs = try request.arguments.integer("num_epochs")
        guard epochs <= NativePhases.limit else { return nil }
        let rates = try LibraryEntry.chebyshevFactors(epochs).map { request.rate * $0 }
        return try staircase(
            rates.indices.dropFirst().map { Double($0 + 2) },
            rates,
            request
        )
    }

    /// But for the cosine, the fall goes to 0, and the least rate follows it at once.
    private static func stableDecay(_ request: Request) throws -> NativeForm? {
        let rise = try request.number("num_warmup_steps")
        let stable = try request.number("num_stable_steps")
        let fall = try request.number("num_decay_steps")
        let least = request.rate * (try request.number("min_lr_ratio"))
        let word = try request.arguments.text("cooldown_type")
        let shapes: [String: CooldownShape] = [
            "cosine": .cosine, "1-sqrt": .oneMinusSquareRoot, "linear": .linear,
            "1-square": .power(2),
        ]
        guard let shape = shapes[word], try word != "cosine" || request.number("num_cycles") == 0.5
        else { return nil }
        var phases = NativePhases(request)
        try phases.add(request.knots([(0, 0), (rise, request.rate)]), calls: rise)
        if fall > 0 {
            let curve = try Curve.warmupStableDecay(
                cooldown: request.length(fall),
                shape: shape,
                to: .value(word == "cosine" ? least : 0),
                over: request.length(stable + fall)
            )
            let jumps = word != "cosine" && least > 0
            phases.add(NativeForm(curve, peak: request.rate), calls: jumps ? stable + fall : nil)
        } else {
            phases.add(NativeForm(.constant, peak: request.rate), calls: stable)
        }
        try phases.add(request.knots([(0, least)]))
        return try phases.form()
    }

    /// The first update has the least rate, before the first call; then a line to the peak, and a fall.
    private static func warmedFall(_ name: String, _ request: Request) throws -> NativeForm {
        let most = try request.number("max_lr")
        let least = try request.number("min_lr")
        let rise = try request.number("warmup_steps")
        let over = max(1, try request.number("t_max") - rise)
        var phases = NativePhases(request)
        try phases.add(request.knots([(0, least)]), calls: 1)
        try phases.add(
            request.knots([(0, request.number("init_lr")), (rise, most)]),
            calls: rise
        )
        try phases.add(
            NativeForm(
                name == "CosineScheduler"
                    ? .cosine(to: .value(least), over: request.length(over))
                    : .linear(to: .value(least), over: request.length(over)),
                peak: most
            )
        )
        return try phases.form()
    }

    /// Each cycle has a warm-up and a lower peak; a cycle grows without its warm-up.
    private static func warmedRestarts(_ request: Request) throws -> NativeForm? {
        let growth = try request.number("cycle_mult")
        let damping = try request.number("gamma")
        let least = try request.number("min_lr")
        let rise = try request.number("warmup_steps")
        var length = try request.number("first_cycle_steps")
        var peak = try request.number("max_lr")
        var phases = NativePhases(request)
        while !phases.isFull {
            guard phases.count < NativePhases.limit, peak > least else { return nil }
            try phases.add(request.knots([(0, least), (rise, peak)]), calls: rise)
            let fall = try Curve.cosine(to: .value(least), over: request.length(length - rise))
            phases.add(NativeForm(fall, peak: peak), calls: length - rise)
            length = max(1, ((length - rise) * growth).rounded(.towardZero)) + rise
            peak *= damping
        }
        return try phases.form()
    }
}
