extension ScheduleType {
    static let exponential = ScheduleType(
        name: "exponential",
        summary: "A fall (or rise) by a factor over even distances, smooth or in stairs.",
        formula: "rate(t) = peak · factor^(t / every), the exponent rounded down where `staircase`",
        source: "Keras, ExponentialDecay",
        parameters: [
            ScheduleParameter(
                "factor",
                .number(.positive),
                default: .required,
                "By what the rate is multiplied over `every`."
            ),
            .every("The distance over which the factor is applied."),
            ScheduleParameter(
                "staircase",
                .flag,
                default: .value(.flag(false)),
                "Whether the rate moves only at whole multiples of `every`."
            ),
        ],
        resolve: { arguments, scope throws(ScheduleError) in
            let factor = arguments.number("factor")
            let every = scope.steps(arguments.length("every"))
            guard !arguments.flag("staircase") else {
                return try scope.stairs(factor: factor, every: every)
            }
            return try scope.scaled(
                .exponential(from: scope.peak, factor: factor, every: Double(every)),
                by: factor
            )
        }
    )
}

extension Curve {
    /// A fall by a factor over even distances: rate(t) = peak · factor^(t / every).
    ///
    /// Source: Keras, ExponentialDecay.
    ///
    /// - Parameters:
    ///   - factor: By what the rate is multiplied over `every`; above 0.
    ///   - every: The distance over which the factor is applied.
    ///   - staircase: Whether the exponent is rounded down.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func exponential(
        factor: Double,
        every: Length = .epochs(1),
        staircase: Bool = false
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.exponential.make([
            "factor": .number(factor), "every": .length(every), "staircase": .flag(staircase),
        ])
    }
}
