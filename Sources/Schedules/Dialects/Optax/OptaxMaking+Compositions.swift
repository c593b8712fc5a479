internal import Foundation

extension OptaxMaking {
    /// The schedules made of others.
    static let compositions: [OptaxMaking] = [
        OptaxMaking(
            "piecewise_interpolate_schedule",
            ["interpolate_type": nil, "init_value": nil, "boundaries_and_scales": .null]
        ) { (arguments) throws(LibraryFailure) in
            let type = try arguments.choice("interpolate_type", of: ["linear", "cosine"])
            return interpolated(
                cosine: type == "cosine",
                from: try arguments.number("init_value"),
                try boundaries(arguments)
            )
        },
        OptaxMaking(
            "linear_onecycle_schedule",
            [
                "transition_steps": nil, "peak_value": nil, "pct_start": 0.3, "pct_final": 0.85,
                "div_factor": 25, "final_div_factor": 1e4,
            ]
        ) { (arguments) throws(LibraryFailure) in
            let (steps, start, divisor) = try oneCycle(arguments)
            let final = try arguments.number("pct_final")
            return interpolated(
                cosine: false,
                from: start,
                merged([
                    (try knot(arguments, steps), divisor),
                    ((final * steps).rounded(.towardZero), try PythonNumber.divide(1, divisor)),
                    (steps, try PythonNumber.divide(1, arguments.number("final_div_factor"))),
                ])
            )
        },
        OptaxMaking(
            "cosine_onecycle_schedule",
            [
                "transition_steps": nil, "peak_value": nil, "pct_start": 0.3, "div_factor": 25,
                "final_div_factor": 1e4,
            ]
        ) { (arguments) throws(LibraryFailure) in
            let (steps, start, divisor) = try oneCycle(arguments)
            let final = try arguments.number("final_div_factor")
            return interpolated(
                cosine: true,
                from: start,
                merged([
                    (try knot(arguments, steps), divisor),
                    (steps, try PythonNumber.divide(1, divisor * final)),
                ])
            )
        },
        OptaxMaking(
            "warmup_constant_schedule",
            ["init_value": nil, "peak_value": nil, "warmup_steps": nil]
        ) { (arguments) throws(LibraryFailure) in try warmup(arguments) },
        OptaxMaking("warmup_cosine_decay_schedule", warmupCosineParameters) {
            (arguments) throws(LibraryFailure) in try warmupCosine(arguments)
        },
        OptaxMaking(
            "warmup_exponential_decay_schedule",
            [
                "init_value": nil, "peak_value": nil, "warmup_steps": nil,
                "transition_steps": nil, "decay_rate": nil, "transition_begin": 0,
                "staircase": false, "end_value": .null,
            ]
        ) { (arguments) throws(LibraryFailure) in
            joined(
                [
                    try warmup(arguments),
                    try exponential(arguments, from: arguments.number("peak_value")),
                ],
                at: [try arguments.number("warmup_steps")]
            )
        },
        OptaxMaking("sgdr_schedule", ["cosine_kwargs": nil]) {
            (arguments) throws(LibraryFailure) in
            guard case .list(let items) = arguments.value("cosine_kwargs"), !items.isEmpty else {
                throw .type("cosine_kwargs must be a list of dictionaries, at least one")
            }
            var schedules: [OptaxSchedule] = []
            var marks: [Double] = []
            for item in items {
                guard case .object(let fields) = item else {
                    throw .type("cosine_kwargs must be a list of dictionaries, got \(item)")
                }
                schedules.append(try make("warmup_cosine_decay_schedule", fields))
                guard case .number(let steps)? = fields["decay_steps"] else {
                    throw .type("decay_steps must be a number")
                }
                marks.append((marks.last ?? 0) + steps)
            }
            return joined(schedules, at: marks.dropLast())
        },
        OptaxMaking("join_schedules", ["schedules": nil, "boundaries": nil]) {
            (arguments) throws(LibraryFailure) in
            var schedules: [OptaxSchedule] = []
            for child in try arguments.nested("schedules") {
                schedules.append(try make(child.name, child.parameters))
            }
            guard !schedules.isEmpty else { throw .index("schedules is empty") }
            return joined(schedules, at: try arguments.numbers("boundaries"))
        },
    ]

    private static let warmupCosineParameters: KeyValuePairs<String, LibraryValue?> = [
        "init_value": nil, "peak_value": nil, "warmup_steps": nil, "decay_steps": nil,
        "end_value": 0, "exponent": 1,
    ]

    /// Each schedule at the count past its boundary; a boundary's own step belongs to the new one.
    private static func joined(
        _ schedules: [OptaxSchedule],
        at boundaries: [Double]
    ) -> OptaxSchedule {
        let later = Array(zip(boundaries, schedules.dropFirst()))
        let first = schedules[0]
        return { count in
            var value = first(count)
            for (boundary, schedule) in later where count >= boundary {
                value = schedule(count - boundary)
            }
            return value
        }
    }

    private static func warmup(
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> OptaxSchedule {
        polynomial(
            from: try arguments.number("init_value"),
            to: try arguments.number("peak_value"),
            power: 1,
            steps: try arguments.number("warmup_steps"),
            begin: 0
        )
    }

    private static func warmupCosine(
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> OptaxSchedule {
        let peak = try arguments.number("peak_value")
        let steps = try arguments.number("warmup_steps")
        let end = try arguments.number("end_value")
        let fall = try cosine(
            from: peak,
            steps: arguments.number("decay_steps") - steps,
            alpha: peak == 0 ? 0 : end / peak,
            exponent: arguments.number("exponent")
        )
        return joined([try warmup(arguments), fall], at: [steps])
    }

    private static func oneCycle(
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> (steps: Double, start: Double, divisor: Double) {
        let steps = try arguments.number("transition_steps")
        guard steps > 0 else {
            throw .value("transition_steps must be positive, got \(steps.plain)")
        }
        let divisor = try arguments.number("div_factor")
        let start = try PythonNumber.divide(arguments.number("peak_value"), divisor)
        return (steps, start, divisor)
    }

    private static func knot(
        _ arguments: LibraryArguments,
        _ steps: Double
    ) throws(LibraryFailure) -> Double {
        (try arguments.number("pct_start") * steps).rounded(.towardZero)
    }

    /// What a dictionary makes of the pairs: of equal keys the last value.
    private static func merged(
        _ pairs: [(boundary: Double, scale: Double)]
    ) -> [(boundary: Double, scale: Double)] {
        Dictionary(pairs.map { ($0.boundary, $0.scale) }) { $1 }
            .map { (boundary: $0.key, scale: $0.value) }
            .sorted { $0.boundary < $1.boundary }
    }

    /// Values at the boundaries are cumulative products, with lines or half waves between them.
    private static func interpolated(
        cosine isCosine: Bool,
        from start: Double,
        _ scales: [(boundary: Double, scale: Double)]
    ) -> OptaxSchedule {
        let bounds = [0] + scales.map(\.boundary)
        var values = [start]
        for (_, scale) in scales { values.append(values[values.count - 1] * scale) }
        let ways = Array(zip(zip(bounds, bounds.dropFirst()), zip(values, values.dropFirst())))
        let (lastBound, lastValue) = (bounds[bounds.count - 1], values[values.count - 1])
        return { count in
            var sum = count >= lastBound ? lastValue : 0
            for ((low, high), (from, to)) in ways where low <= count && count < high {
                let x = (count - low) / max(high - low, 1)
                sum +=
                    isCosine
                    ? to + (from - to) / 2 * (cos(.pi * x) + 1) : (to - from) * x + from
            }
            return sum
        }
    }
}
