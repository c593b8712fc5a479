extension ScheduleType {
    static let polynomial = ScheduleType(
        name: "polynomial",
        summary: "A fall along a power of the way that is left; power 1 is a straight line.",
        formula:
            "rate(t) = to + (peak − to) · (1 − x^k)^power, x = min(t / over, 1), k = progress_power",
        source: "Chen et al. 2017, \"DeepLab\", section 4.3",
        parameters: [
            ScheduleParameter(
                "power",
                .number(.positive),
                default: .value(.number(1)),
                "The exponent; above 1 the rate falls early, below 1 late."
            ),
            .to, .over, .progressPower,
        ],
        resolve: { arguments, scope in
            scope.passage(.polynomial(power: arguments.number("power")), arguments)
        }
    )
}

extension Curve {
    /// A fall along a power of the way left: rate(t) = to + (peak − to) · (1 − x^k)^power.
    ///
    /// Source: Chen et al. 2017, "DeepLab", section 4.3; the exponent k: Zhang & Li 2020, "k-decay".
    ///
    /// - Parameters:
    ///   - power: The exponent; above 0.
    ///   - to: The rate at t = over and after.
    ///   - over: How long the fall takes; the rest of the run or phase where it is `nil`.
    ///   - progressPower: The exponent k of the progress x = min(t / over, 1); above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func polynomial(
        power: Double = 1,
        to: Target = .value(0),
        over: Length? = nil,
        progressPower: Double = 1
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.polynomial.make(
            to: to,
            over: over,
            progressPower: progressPower,
            ["power": .number(power)]
        )
    }
}
