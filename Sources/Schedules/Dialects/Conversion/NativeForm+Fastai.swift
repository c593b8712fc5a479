extension NativeForm {
    /// The native form of a policy or an annealer of fastai; `nil` where there is none.
    ///
    /// Positions are 32-bit floats there, so that rates agree to some seven digits.
    static func fastai(_ name: String, _ request: Request) throws -> NativeForm? {
        switch name {
        case "fit_one_cycle": return try fastaiOneCycle(request)
        case "fit_flat_cos":
            let batches = try request.number("n_epoch") * request.number("batches_per_epoch")
            let flat = (try request.number("pct_start") * batches).rounded(.up)
            let peak = try request.arguments.optionalNumber("lr") ?? request.rate
            guard batches > flat else { return NativeForm(.constant, peak: peak) }
            return NativeForm(
                try .warmupStableDecay(
                    cooldown: request.length(batches - flat),
                    shape: .cosine,
                    to: .value(peak / request.number("div_final")),
                    over: request.length(batches)
                ),
                peak: peak
            )
        case "fit_sgdr":
            let peak = try request.arguments.optionalNumber("lr_max") ?? request.rate
            let first = try request.number("cycle_len") * request.number("batches_per_epoch")
            return NativeForm(
                try .cosineRestarts(
                    firstCycle: request.length(first),
                    cycleFactor: request.number("cycle_mult")
                ),
                peak: peak
            )
        case "fine_tune": return try fastaiFineTune(request)
        default:
            let last = max(request.calls - 1, 1)
            return try fastaiAnnealer(name, request, over: last)
        }
    }

    private static func fastaiOneCycle(_ request: Request) throws -> NativeForm? {
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

    /// A one-cycle with all but the head frozen, then one at half the rate.
    private static func fastaiFineTune(_ request: Request) throws -> NativeForm {
        let perEpoch = try request.number("batches_per_epoch")
        let base = try request.number("base_lr")
        let frozen = try request.number("freeze_epochs") * perEpoch
        let free = try request.number("epochs") * perEpoch
        func cycle(_ batches: Double, _ share: Double, _ divisor: Double) throws -> Curve {
            try .oneCycle(
                rise: request.length((share * batches).rounded()),
                startDivisor: divisor,
                endDivisor: request.number("div_final"),
                momentum: nil,
                over: request.length(batches)
            )
        }
        var phases = NativePhases(request)
        if frozen > 0 {
            try phases.add(NativeForm(cycle(frozen, 0.99, 25), peak: base), calls: frozen)
        }
        let second = try cycle(free, request.number("pct_start"), request.number("div"))
        phases.add(NativeForm(second, peak: base / 2))
        return try phases.form()
    }

    /// An annealer over so many calls; the last call has the end.
    private static func fastaiAnnealer(
        _ name: String,
        _ request: Request,
        over calls: Double
    ) throws -> NativeForm? {
        if name == "combined_cos" {
            let middle = try request.number("pct") * calls
            return try request.knots(
                [
                    (0, request.number("start")), (middle, request.number("middle")),
                    (calls, request.number("end")),
                ],
                shape: .cosine
            )
        }
        if name == "combine_scheds" {
            var phases = NativePhases(request)
            let children = try request.arguments.nested("scheds")
            for (share, child) in zip(try request.arguments.numbers("pcts"), children) {
                guard let entry = Library.fastai.entry(named: child.name) else { return nil }
                let nested = request.nested(
                    try entry.arguments(child.parameters),
                    rate: request.rate,
                    calls: share * calls
                )
                guard let form = try fastaiAnnealer(entry.name, nested, over: share * calls)
                else { return nil }
                phases.add(form, calls: share * calls)
            }
            return try phases.form()
        }
        let (start, end) = (try request.number("start"), try request.number("end"))
        switch name {
        case "SchedNo": return NativeForm(.constant, peak: start)
        case "SchedLin": return try request.knots([(0, start), (calls, end)])
        case "SchedCos": return try request.knots([(0, start), (calls, end)], shape: .cosine)
        case "SchedExp": return try request.knots([(0, start), (calls, end)], shape: .logarithmic)
        case "SchedPoly" where start > end:
            return NativeForm(
                try .warmupStableDecay(
                    cooldown: request.length(calls),
                    shape: .power(request.number("power")),
                    to: .value(end),
                    over: request.length(calls)
                ),
                peak: start
            )
        default: return nil
        }
    }
}
