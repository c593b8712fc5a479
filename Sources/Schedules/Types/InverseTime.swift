extension ScheduleType {
    static let inverseTime = ScheduleType(
        name: "inverse_time",
        summary: "A fall like one over time, smooth or in stairs.",
        formula:
            "rate(t) = peak / (1 + factor · t / every), t / every rounded down where `staircase`",
        source: "Robbins & Monro 1951; Keras, InverseTimeDecay",
        parameters: [
            ScheduleParameter(
                "factor",
                .number(.positive),
                default: .value(.number(1)),
                "How much the denominator grows over `every`."
            ),
            .every("The distance over which the denominator grows by the factor."),
            ScheduleParameter(
                "staircase",
                .flag,
                default: .value(.flag(false)),
                "Whether the rate moves only at whole multiples of `every`."
            ),
        ],
        resolve: { arguments, scope in
            let factor = arguments.number("factor")
            let every = Double(scope.steps(arguments.length("every")))
            return scope.whole(
                arguments.flag("staircase")
                    ? .inverseStaircase(from: scope.peak, factor: factor, every: every)
                    : .inverseTime(from: scope.peak, factor: factor, every: every)
            )
        }
    )
}

extension Curve {
    /// A fall like one over time: rate(t) = peak / (1 + factor · t / every).
    ///
    /// Source: Robbins & Monro 1951, "A Stochastic Approximation Method"; Keras, InverseTimeDecay.
    ///
    /// - Parameters:
    ///   - factor: How much the denominator grows over `every`; above 0.
    ///   - every: The distance over which it grows by the factor.
    ///   - staircase: Whether t / every is rounded down.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func inverseTime(
        factor: Double = 1,
        every: Length = .epochs(1),
        staircase: Bool = false
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.inverseTime.make([
            "factor": .number(factor), "every": .length(every), "staircase": .flag(staircase),
        ])
    }
}
