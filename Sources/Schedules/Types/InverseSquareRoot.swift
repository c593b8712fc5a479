extension ScheduleType {
    /// The timescale where there is neither a given one nor a warm-up, in steps.
    private static let defaultTimescale = 10_000

    static let inverseSquareRoot = ScheduleType(
        name: "inverse_square_root",
        summary: "A fall like one over the root of time, without an end.",
        formula: "rate(t) = peak / √(1 + t / timescale)",
        source: "Vaswani et al. 2017, \"Attention Is All You Need\", section 5.3; "
            + "Zhai et al. 2022, \"Scaling Vision Transformers\", section 3.5",
        parameters: [
            ScheduleParameter(
                "timescale",
                .length,
                default: .derived("the length of the warm-up, or 10,000 steps without one"),
                "After how long the squared rate has halved."
            )
        ],
        resolve: { arguments, scope in
            let timescale =
                arguments.optionalLength("timescale").map(scope.steps)
                ?? (scope.warmupSteps > 0 ? scope.warmupSteps : defaultTimescale)
            return scope.whole(
                .inverseSquareRoot(from: scope.peak, timescale: Double(timescale))
            )
        }
    )
}

extension Curve {
    /// A fall like one over the root of time: rate(t) = peak / √(1 + t / timescale).
    ///
    /// Source: Vaswani et al. 2017, "Attention Is All You Need", section 5.3; Zhai et al. 2022, "Scaling
    /// Vision Transformers", section 3.5.
    ///
    /// - Parameter timescale: After how long the squared rate has halved; the warm-up's length where it is
    ///   `nil`, or 10,000 steps without a warm-up.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func inverseSquareRoot(timescale: Length? = nil) throws(ScheduleError) -> Curve {
        var values: [String: ParameterValue] = [:]
        values["timescale"] = timescale.map { .length($0) }
        return try ScheduleType.inverseSquareRoot.make(values)
    }
}
