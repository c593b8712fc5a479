extension ScheduleType {
    static let multiStep = ScheduleType(
        name: "multi_step",
        summary: "The rate is multiplied by a factor at each milestone.",
        formula: "rate(t) = peak · factor^(number of milestones ≤ t)",
        source: "He et al. 2016, \"Deep Residual Learning for Image Recognition\", section 4.2",
        parameters: [
            ScheduleParameter(
                "milestones",
                .lengths,
                default: .required,
                "Where the rate falls, counted after the warm-up."
            ),
            ScheduleParameter(
                "factor",
                .number(.positive),
                default: .value(.number(0.1)),
                "By what the rate is multiplied at each milestone."
            ),
        ],
        resolve: { arguments, scope throws(ScheduleError) in
            let marks = try scope.marks(arguments.lengths("milestones"), of: "milestones")
            let factor = arguments.number("factor")
            var rate = scope.peak
            var segments = [scope.segment(.constant(rate))]
            for mark in marks {
                rate *= factor
                guard rate.isFinite else {
                    throw .conflict(
                        "factor",
                        detail: "\(factor.plain) takes the rate past every number by step "
                            + "\(scope.origin + mark)"
                    )
                }
                segments.append(scope.segment(at: mark, .constant(rate)))
            }
            return Lanes(rate: segments)
        }
    )
}

extension Curve {
    /// A fall at each milestone: rate(t) = peak · factor^(number of milestones ≤ t).
    ///
    /// Source: He et al. 2016, "Deep Residual Learning for Image Recognition", section 4.2.
    ///
    /// - Parameters:
    ///   - milestones: Where the rate falls, in rising order.
    ///   - factor: By what the rate is multiplied at each; above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func multiStep(
        milestones: [Length],
        factor: Double = 0.1
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.multiStep.make([
            "milestones": .lengths(milestones), "factor": .number(factor),
        ])
    }
}
