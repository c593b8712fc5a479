extension ScheduleType {
    static let power = ScheduleType(
        name: "power",
        summary: "A fall like a power of time, without an end.",
        formula: "rate(t) = peak · (1 + t / timescale)^(−power)",
        source: "Shen et al. 2024, \"Power Scheduler\", in steps instead of tokens",
        parameters: [
            ScheduleParameter(
                "timescale",
                .length,
                default: .value(.length(.fraction(0.05))),
                "After how long the rate has fallen to 2^(−power) of the peak."
            ),
            ScheduleParameter(
                "power",
                .number(.positive),
                default: .value(.number(0.51)),
                "The exponent."
            ),
        ],
        resolve: { arguments, scope in
            scope.whole(
                .power(
                    from: scope.peak,
                    timescale: Double(scope.steps(arguments.length("timescale"))),
                    power: arguments.number("power")
                )
            )
        }
    )
}

extension Curve {
    /// A fall like a power of time: rate(t) = peak · (1 + t / timescale)^(−power).
    ///
    /// Source: Shen et al. 2024, "Power Scheduler", in steps instead of tokens; its cooldown is a phase.
    ///
    /// - Parameters:
    ///   - timescale: After how long the rate has fallen to 2^(−power) of the peak.
    ///   - power: The exponent; above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func power(
        timescale: Length = .fraction(0.05),
        power: Double = 0.51
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.power.make(["timescale": .length(timescale), "power": .number(power)])
    }
}
