internal import Foundation

extension OptaxMaking {
    /// The schedules made of others.
    static let compositions: [OptaxMaking] = [
        OptaxMaking(
            "piecewise_interpolate_schedule",
            ["interpolate_type": nil, "init_value": nil, "boundaries_and_scales": .null]
        ) { (arguments) throws(LibraryFailure) in
            try way("piecewise_interpolate_schedule", arguments).schedule
        },
        OptaxMaking(
            "linear_onecycle_schedule",
            [
                "transition_steps": nil, "peak_value": nil, "pct_start": 0.3, "pct_final": 0.85,
                "div_factor": 25, "final_div_factor": 1e4,
            ]
        ) { (arguments) throws(LibraryFailure) in
            try way("linear_onecycle_schedule", arguments).schedule
        },
        OptaxMaking(
            "cosine_onecycle_schedule",
            [
                "transition_steps": nil, "peak_value": nil, "pct_start": 0.3, "div_factor": 25,
                "final_div_factor": 1e4,
            ]
        ) { (arguments) throws(LibraryFailure) in
            try way("cosine_onecycle_schedule", arguments).schedule
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
            var schedules: [OptaxSchedule] = []
            var marks: [Double] = []
            for cycle in try cycles(arguments) {
                schedules.append(try make("warmup_cosine_decay_schedule", cycle.parameters))
                marks.append((marks.last ?? 0) + cycle.steps)
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

    /// The parameters of each of sgdr_schedule's cycles, at least one, and its steps.
    static func cycles(
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> [(parameters: [String: LibraryValue], steps: Double)] {
        guard case .list(let items) = arguments.value("cosine_kwargs"), !items.isEmpty else {
            throw .type("cosine_kwargs must be a list of dictionaries, at least one")
        }
        var cycles: [(parameters: [String: LibraryValue], steps: Double)] = []
        for item in items {
            guard case .object(let fields) = item else {
                throw .type("cosine_kwargs must be a list of dictionaries, got \(item)")
            }
            guard case .number(let steps)? = fields["decay_steps"] else {
                throw .type("decay_steps must be a number")
            }
            cycles.append((fields, steps))
        }
        return cycles
    }
}
