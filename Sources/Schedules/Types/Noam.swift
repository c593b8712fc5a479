extension ScheduleType {
    static let noam = ScheduleType(
        name: "noam",
        summary: "A straight rise, then a fall like one over the root of time.",
        formula: "rate(t) = peak · min(s / rise, √(rise / s)), s = t + 1",
        source: "Vaswani et al. 2017, \"Attention Is All You Need\", equation 3; the peak is "
            + "(model width · rise)^(−1/2) there",
        parameters: [
            ScheduleParameter(
                "rise",
                .length,
                default: .value(.length(.steps(4000))),
                "The updates up to and with the one that uses the peak."
            )
        ],
        resolve: { arguments, scope in
            scope.whole(
                .noam(peak: scope.peak, rise: Double(scope.steps(arguments.length("rise"))))
            )
        }
    )
}

extension Curve {
    /// A straight rise, then a fall like one over the root of time: rate(t) = peak · min(s / rise, √(rise / s)).
    ///
    /// s = t + 1. The original has no peak of its own: it is (model width · rise)^(−1/2) there.
    ///
    /// Source: Vaswani et al. 2017, "Attention Is All You Need", equation 3.
    ///
    /// - Parameter rise: The updates up to and with the one that uses the peak.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func noam(rise: Length = .steps(4000)) throws(ScheduleError) -> Curve {
        try ScheduleType.noam.make(["rise": .length(rise)])
    }
}
