extension NativeForm {
    /// The native form of a schedule of Optax; `nil` where there is none.
    static func optax(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        switch name {
        case "constant_schedule":
            return NativeForm(.constant, peak: try request.number("value"))
        case "linear_schedule", "polynomial_schedule": return try optaxPolynomial(name, request)
        case "exponential_decay":
            return try optaxExponential(from: request.number("init_value"), request)
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
        case "piecewise_interpolate_schedule", "linear_onecycle_schedule",
            "cosine_onecycle_schedule":
            let way = try OptaxMaking.way(name, arguments)
            return try request.knots(way.knots, shape: way.isCosine ? .cosine : .linear)
        case "warmup_constant_schedule":
            let rise = try request.number("warmup_steps")
            let start = try request.number("init_value")
            guard rise > 0 else { return try request.knots([(0, start)]) }
            return try request.risen(
                NativeForm(.constant, peak: request.number("peak_value")),
                over: rise,
                from: start
            )
        case "warmup_exponential_decay_schedule":
            let peak = try request.number("peak_value")
            return try optaxExponential(from: peak, request).map {
                try request.risen(
                    $0,
                    over: request.number("warmup_steps"),
                    from: request.number("init_value")
                )
            }
        case "warmup_cosine_decay_schedule": return try optaxWarmedCosine(request)
        case "sgdr_schedule", "join_schedules": return try optaxJoined(name, request)
        case "reduce_on_plateau": return try optaxPlateau(request)
        default: return nil
        }
    }

    private static func optaxPolynomial(_ name: String, _ request: Request) throws -> NativeForm? {
        let power = name == "linear_schedule" ? 1 : try request.number("power")
        let begin = max(0, try request.number("transition_begin"))
        let steps = try request.number("transition_steps")
        let (start, end) = (try request.number("init_value"), try request.number("end_value"))
        guard steps > 0 else { return NativeForm(.constant, peak: start) }
        if power == 1, end > start {
            return try request.knots([(0, start), (begin, start), (begin + steps, end)])
        }
        guard start >= end else { return nil }
        let fall = NativeForm(
            try .polynomial(power: power, to: .value(end), over: request.length(steps)),
            peak: start
        )
        return try request.delayed(fall, by: begin)
    }

    private static func optaxExponential(
        from start: Double,
        _ request: Request
    ) throws -> NativeForm? {
        let factor = try request.number("decay_rate")
        let end = try request.arguments.optionalNumber("end_value")
        let steps = try request.number("transition_steps")
        guard steps > 0, factor != 0 else { return NativeForm(.constant, peak: start) }
        guard end == nil || factor < 1 else { return nil }
        let fall = NativeForm(
            try .exponential(
                factor: factor,
                every: request.length(steps),
                staircase: request.arguments.flag("staircase")
            ),
            peak: start,
            floor: end
        )
        return try request.delayed(fall, by: request.number("transition_begin"))
    }

    private static func optaxWarmedCosine(_ request: Request) throws -> NativeForm? {
        guard try request.number("exponent") == 1 else { return nil }
        let rise = try request.number("warmup_steps")
        let fall = NativeForm(
            try .cosine(
                to: .value(request.number("end_value")),
                over: request.length(request.number("decay_steps") - rise)
            ),
            peak: try request.number("peak_value")
        )
        return try request.risen(fall, over: rise, from: request.number("init_value"))
    }

    /// Schedules one after the other, each from its own step 0.
    private static func optaxJoined(_ name: String, _ request: Request) throws -> NativeForm? {
        var children: [(name: String, parameters: [String: LibraryValue])] = []
        var marks: [Double] = []
        if name == "sgdr_schedule" {
            for fields in try OptaxMaking.cycles(request.arguments) {
                children.append(("warmup_cosine_decay_schedule", fields.parameters))
                marks.append((marks.last ?? 0) + fields.steps)
            }
            marks.removeLast()
        } else {
            children = try request.arguments.nested("schedules").map { ($0.name, $0.parameters) }
            marks = try request.arguments.numbers("boundaries")
        }
        guard children.count <= NativePhases.limit, marks.count >= children.count - 1
        else { return nil }
        var phases = NativePhases(request)
        for (index, child) in children.enumerated() where !phases.isFull {
            guard let entry = Library.optax.entry(named: child.name) else { return nil }
            let start = index == 0 ? 0 : marks[index - 1]
            let end = index + 1 < children.count ? marks[index] : request.calls
            guard end >= start else { return nil }
            let part = request.nested(
                try entry.arguments(child.parameters),
                rate: request.rate,
                calls: min(end, request.calls) - start
            )
            guard let form = try optax(entry.name, part) else { return nil }
            phases.add(form, calls: index + 1 < children.count ? end - start : nil)
        }
        return try phases.form()
    }

    /// The library reduces on the `patience`-th bad report, where the native rule waits for one more.
    private static func optaxPlateau(_ request: Request) throws -> NativeForm? {
        let (relative, absolute) = (try request.number("rtol"), try request.number("atol"))
        guard try request.number("accumulation_size") == 1, relative == 0 || absolute == 0
        else { return nil }
        let floor = try request.number("min_scale") * request.rate
        return NativeForm(
            try .reduceOnPlateau(
                factor: request.number("factor"),
                patience: max(0, request.arguments.integer("patience") - 1),
                margin: relative > 0
                    ? ImprovementMargin(relative, .relative)
                    : ImprovementMargin(absolute, .absolute),
                cooldown: request.arguments.integer("cooldown")
            ),
            peak: request.rate,
            floor: floor > 0 ? floor : nil,
            notes: [
                "patience is less by one here: the library reduces on the patience-th bad report"
            ]
        )
    }
}
