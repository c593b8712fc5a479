extension ScheduleType {
    static let step = ScheduleType(
        name: "step",
        summary: "A staircase: the rate is multiplied by a factor at even distances.",
        formula: "rate(t) = peak · factor^⌊t / every⌋",
        source: "He et al. 2016, \"Deep Residual Learning for Image Recognition\", section 3.4",
        parameters: [
            .every("The length of a stair, counted after the warm-up."),
            ScheduleParameter(
                "factor",
                .number(.positive),
                default: .value(.number(0.1)),
                "By what the rate is multiplied at the end of each stair."
            ),
        ],
        resolve: { arguments, scope throws(ScheduleError) in
            try scope.stairs(
                factor: arguments.number("factor"),
                every: scope.steps(arguments.length("every"))
            )
        }
    )
}

extension Curve {
    /// A staircase: rate(t) = peak · factor^⌊t / every⌋.
    ///
    /// Source: He et al. 2016, "Deep Residual Learning for Image Recognition", section 3.4.
    ///
    /// - Parameters:
    ///   - every: The length of a stair.
    ///   - factor: By what the rate is multiplied at the end of each stair; above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func step(
        every: Length = .epochs(1),
        factor: Double = 0.1
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.step.make(["every": .length(every), "factor": .number(factor)])
    }
}
