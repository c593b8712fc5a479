internal import Foundation

extension TimmMaking {
    private typealias Parameters = [(name: String, defaultValue: LibraryValue?)]

    private static let cycles: Parameters = [
        ("t_initial", nil), ("lr_min", 0), ("cycle_mul", 1), ("cycle_decay", 1),
        ("cycle_limit", 1), ("warmup_prefix", false),
    ]

    static let all: [TimmMaking] = [
        TimmMaking(name: "CosineLRScheduler", parameters: cycles + [("k_decay", 1)]) {
            (arguments, rate) throws(LibraryFailure) in
            let k = try arguments.number("k_decay")
            return try warmed(
                arguments,
                rate: rate,
                prefix: arguments.flag("warmup_prefix"),
                cyclic(arguments, rate: rate) { (place, length) throws(LibraryFailure) in
                    let x = try PythonNumber.divide(
                        .pi * PythonNumber.power(place, k),
                        PythonNumber.power(length, k)
                    )
                    return 0.5 * (1 + cos(x))
                }
            )
        },
        TimmMaking(name: "TanhLRScheduler", parameters: cycles + [("lb", -7), ("ub", 3)]) {
            (arguments, rate) throws(LibraryFailure) in
            let lower = try arguments.number("lb")
            let upper = try arguments.number("ub")
            guard lower < upper else {
                throw assertion("lb must be below ub, got \(lower.plain) and \(upper.plain)")
            }
            let curve = try cyclic(arguments, rate: rate) {
                (place, length) throws(LibraryFailure) in
                let x = try PythonNumber.divide(place, length)
                return 0.5 * (1 - tanh(lower * (1 - x) + upper * x))
            }
            let prefix = try arguments.flag("warmup_prefix")
            let target = prefix ? rate : try curve(arguments.number("warmup_t"))
            return try warmed(arguments, rate: rate, prefix: prefix, target: target, curve)
        },
        TimmMaking(
            name: "PolyLRScheduler",
            parameters: cycles + [("power", 0.5), ("k_decay", 1)]
        ) { (arguments, rate) throws(LibraryFailure) in
            let power = try arguments.number("power")
            let k = try arguments.number("k_decay")
            return try warmed(
                arguments,
                rate: rate,
                prefix: arguments.flag("warmup_prefix"),
                cyclic(arguments, rate: rate) { (place, length) throws(LibraryFailure) in
                    let x = try PythonNumber.divide(
                        PythonNumber.power(place, k),
                        PythonNumber.power(length, k)
                    )
                    return try PythonNumber.power(1 - x, power)
                }
            )
        },
        TimmMaking(
            name: "StepLRScheduler",
            parameters: [("decay_t", nil), ("decay_rate", 1), ("warmup_prefix", true)]
        ) { (arguments, rate) throws(LibraryFailure) in
            let every = try arguments.number("decay_t")
            let factor = try arguments.number("decay_rate")
            return try warmed(
                arguments,
                rate: rate,
                prefix: arguments.flag("warmup_prefix")
            ) { (t) throws(LibraryFailure) in
                rate
                    * (try PythonNumber.power(
                        factor,
                        PythonNumber.divideDown(t, every).quotient
                    ))
            }
        },
        TimmMaking(
            name: "MultiStepLRScheduler",
            parameters: [("decay_t", nil), ("decay_rate", 1), ("warmup_prefix", true)]
        ) { (arguments, rate) throws(LibraryFailure) in
            let milestones = try arguments.numbers("decay_t")
            let factor = try arguments.number("decay_rate")
            return try warmed(
                arguments,
                rate: rate,
                prefix: arguments.flag("warmup_prefix")
            ) { (t) throws(LibraryFailure) in
                let passed = PythonNumber.bisectRight(milestones, t + 1)
                return rate * (try PythonNumber.power(factor, Double(passed)))
            }
        },
        stableDecay,
    ]

    private static func assertion(_ message: String) -> LibraryFailure {
        LibraryFailure(type: "AssertionError", message: message)
    }

    /// lr_min + (peak of the cycle − lr_min) · share(place in the cycle, its length), lr_min after the limit.
    private static func cyclic(
        _ arguments: LibraryArguments,
        rate: Double,
        _ share: @escaping @Sendable (Double, Double) throws(LibraryFailure) -> Double
    ) throws(LibraryFailure) -> @Sendable (Double) throws(LibraryFailure) -> Double {
        let first = try arguments.number("t_initial")
        let least = try arguments.number("lr_min")
        let growth = try arguments.number("cycle_mul")
        let damping = try arguments.number("cycle_decay")
        let limit = try arguments.number("cycle_limit")
        guard first > 0, least >= 0 else {
            throw assertion(
                "t_initial must be above 0 and lr_min at least 0, got \(first.plain) and "
                    + "\(least.plain)"
            )
        }
        return { (t) throws(LibraryFailure) in
            let cycle: Double
            let length: Double
            let place: Double
            if growth == 1 {
                cycle = try PythonNumber.divideDown(t, first).quotient
                length = first
                place = t - first * cycle
            } else {
                cycle = try PythonNumber.logarithm(1 - t / first * (1 - growth), base: growth)
                    .rounded(.down)
                length = try PythonNumber.power(growth, cycle) * first
                place =
                    t - (1 - (try PythonNumber.power(growth, cycle))) / (1 - growth) * first
            }
            guard cycle < limit else { return least }
            let peak = rate * (try PythonNumber.power(damping, cycle))
            return least + (peak - least) * (try share(place, length))
        }
    }

    private static let stableDecay = TimmMaking(
        name: "WSDLRScheduler",
        parameters: [
            ("t_initial", nil), ("decay_t", nil), ("lr_min", 0), ("stable_fn", "constant"),
            ("stable_timescale", .null), ("stable_power", 0.5), ("decay_fn", "1-sqrt"),
            ("decay_power", 0.5), ("decay_ratio", 0.1),
        ]
    ) { (arguments, rate) throws(LibraryFailure) in
        let total = try arguments.number("t_initial")
        let decay = try arguments.number("decay_t")
        let least = try arguments.number("lr_min")
        let stable = try arguments.choice("stable_fn", of: ["constant", "rsqrt", "power"])
        let fall = try arguments.choice(
            "decay_fn",
            of: ["linear", "1-sqrt", "cosine", "power", "exp"]
        )
        let fallPower = try arguments.number("decay_power")
        let ratio = try arguments.number("decay_ratio")
        let stablePower = try arguments.number("stable_power")
        guard total > 0, decay > 0, decay <= total, least >= 0 else {
            throw .value(
                "decay_t must lie above 0 and at most at t_initial, and lr_min must not be "
                    + "negative, got \(decay.plain), \(total.plain) and \(least.plain)"
            )
        }
        guard ratio > 0, ratio < 1, fallPower > 0, stablePower > 0 else {
            throw .value(
                "decay_ratio must lie between 0 and 1 and the powers above 0, got "
                    + "\(ratio.plain), \(fallPower.plain) and \(stablePower.plain)"
            )
        }
        var timescale = 1.0
        if stable != "constant" {
            let warmup = try arguments.number("warmup_t")
            timescale = try arguments.optionalNumber("stable_timescale") ?? warmup
            guard timescale > 0 else {
                throw .value(
                    "stable_timescale must be above 0, got \(timescale.plain); it is warmup_t "
                        + "where it is left out"
                )
            }
        }
        let power = stable == "constant" ? 0 : stable == "rsqrt" ? 0.5 : stablePower
        let scale = timescale
        return try warmed(arguments, rate: rate, prefix: true) { t in
            let level = max(power == 0 ? rate : rate * pow(1 + t / scale, -power), least)
            let place = t - (total - decay)
            guard place > 0 else { return level }
            let x = min(place / decay, 1)
            let share =
                switch fall {
                case "linear": 1 - x
                case "cosine": 0.5 * (1 + cos(.pi * x))
                case "power": 1 - pow(x, fallPower)
                case "exp": (pow(ratio, x) - ratio) / (1 - ratio)
                default: 1 - x.squareRoot()
                }
            return least + (level - least) * share
        }
    }
}
