extension ScheduleType {
    static let piecewiseConstant = ScheduleType(
        name: "piecewise_constant",
        summary: "Given rates between given boundaries.",
        formula: "rate(t) = values[number of boundaries ≤ t]",
        source: "Optax, piecewise_constant_schedule; Keras, PiecewiseConstantDecay, one step later",
        parameters: [
            ScheduleParameter(
                "boundaries",
                .lengths,
                default: .required,
                "Where the next value begins, counted after the warm-up."
            ),
            ScheduleParameter(
                "values",
                .targets,
                default: .required,
                "The rates, one more than boundaries; the peak is what a warm-up climbs to."
            ),
        ],
        check: { arguments in
            let boundaries = arguments.lengths("boundaries").count
            let values = arguments.targets("values").count
            guard values != boundaries + 1 else { return [] }
            return [
                .conflict(
                    "values",
                    detail: "\(boundaries) boundaries need \(boundaries + 1) values, got \(values)"
                )
            ]
        },
        resolve: { arguments, scope throws(ScheduleError) in
            let marks = try scope.marks(arguments.lengths("boundaries"), of: "boundaries")
            let rates = arguments.targets("values").map { $0.rate(peak: scope.peak) }
            return Lanes(
                rate: zip([0] + marks, rates).map { scope.segment(at: $0, .constant($1)) }
            )
        }
    )
}

extension Curve {
    /// Given rates between given boundaries: rate(t) = values[number of boundaries ≤ t].
    ///
    /// Source: Optax, piecewise_constant_schedule.
    ///
    /// - Parameters:
    ///   - boundaries: Where the next value begins, in rising order.
    ///   - values: The rates, one more than boundaries.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func piecewiseConstant(
        boundaries: [Length],
        values: [Target]
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.piecewiseConstant.make([
            "boundaries": .lengths(boundaries), "values": .targets(values),
        ])
    }
}
