internal import Foundation

extension OptaxMaking {
    /// The schedules of one shape.
    static let shapes: [OptaxMaking] = [
        OptaxMaking("constant_schedule", ["value": nil]) { (arguments) throws(LibraryFailure) in
            let value = try arguments.number("value")
            return { _ in value }
        },
        OptaxMaking(
            "polynomial_schedule",
            [
                "init_value": nil, "end_value": nil, "power": nil, "transition_steps": nil,
                "transition_begin": 0,
            ]
        ) { (arguments) throws(LibraryFailure) in
            try polynomial(arguments, power: arguments.number("power"))
        },
        OptaxMaking(
            "linear_schedule",
            ["init_value": nil, "end_value": nil, "transition_steps": nil, "transition_begin": 0]
        ) { (arguments) throws(LibraryFailure) in try polynomial(arguments, power: 1) },
        OptaxMaking(
            "piecewise_constant_schedule",
            ["init_value": nil, "boundaries_and_scales": .null]
        ) { (arguments) throws(LibraryFailure) in
            let start = try arguments.number("init_value")
            let scales = try boundaries(arguments)
            return { count in
                scales.reduce(start) { $1.boundary > count ? $0 : $1.scale * $0 }
            }
        },
        OptaxMaking(
            "exponential_decay",
            [
                "init_value": nil, "transition_steps": nil, "decay_rate": nil,
                "transition_begin": 0, "staircase": false, "end_value": .null,
            ]
        ) { (arguments) throws(LibraryFailure) in
            try exponential(arguments, from: arguments.number("init_value"))
        },
        OptaxMaking(
            "cosine_decay_schedule",
            ["init_value": nil, "decay_steps": nil, "alpha": 0, "exponent": 1]
        ) { (arguments) throws(LibraryFailure) in
            try cosine(
                from: arguments.number("init_value"),
                steps: arguments.number("decay_steps"),
                alpha: arguments.number("alpha"),
                exponent: arguments.number("exponent")
            )
        },
    ]

    static func polynomial(
        _ arguments: LibraryArguments,
        power: Double
    ) throws(LibraryFailure) -> OptaxSchedule {
        polynomial(
            from: try arguments.number("init_value"),
            to: try arguments.number("end_value"),
            power: power,
            steps: try arguments.number("transition_steps"),
            begin: try arguments.number("transition_begin")
        )
    }

    static func polynomial(
        from start: Double,
        to end: Double,
        power: Double,
        steps: Double,
        begin: Double
    ) -> OptaxSchedule {
        guard steps > 0 else { return { _ in start } }
        let begin = max(begin, 0)
        return { count in
            let left = 1 - min(max(count - begin, 0), steps) / steps
            return (start - end) * pow(left, power) + end
        }
    }

    static func exponential(
        _ arguments: LibraryArguments,
        from start: Double
    ) throws(LibraryFailure) -> OptaxSchedule {
        let steps = try arguments.number("transition_steps")
        let rate = try arguments.number("decay_rate")
        let begin = max(try arguments.number("transition_begin"), 0)
        let isStaircase = try arguments.flag("staircase")
        let end = try arguments.optionalNumber("end_value")
        guard steps > 0, rate != 0 else { return { _ in start } }
        return { count in
            let p = (count - begin) / steps
            let decayed =
                count - begin <= 0 ? start : start * pow(rate, isStaircase ? p.rounded(.down) : p)
            guard let end else { return decayed }
            return rate < 1 ? max(decayed, end) : min(decayed, end)
        }
    }

    static func cosine(
        from start: Double,
        steps: Double,
        alpha: Double,
        exponent: Double
    ) throws(LibraryFailure) -> OptaxSchedule {
        guard steps > 0 else { throw .value("decay_steps must be positive, got \(steps.plain)") }
        return { count in
            let wave = 0.5 * (1 + cos(.pi * min(count, steps) / steps))
            return start * ((1 - alpha) * pow(wave, exponent) + alpha)
        }
    }

    /// `boundaries_and_scales`, by rising boundary; scales below 0 are refused.
    static func boundaries(
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> [(boundary: Double, scale: Double)] {
        let value = arguments.value("boundaries_and_scales")
        if value == .null { return [] }
        guard case .object(let fields) = value else {
            throw .type("boundaries_and_scales must be a dictionary, got \(value)")
        }
        var scales: [(boundary: Double, scale: Double)] = []
        for (key, value) in fields {
            guard let boundary = Double(key), case .number(let scale) = value else {
                throw .type(
                    "boundaries_and_scales must hold numbers by step, got \(key): \(value)"
                )
            }
            guard scale >= 0 else {
                throw .value("boundaries_and_scales must not be negative, got \(scale.plain)")
            }
            scales.append((boundary, scale))
        }
        return scales.sorted { $0.boundary < $1.boundary }
    }
}
