extension ScheduleType {
    static let cosine = ScheduleType(
        name: "cosine",
        summary: "A half-cosine fall: slow at both ends.",
        formula:
            "rate(t) = to + (peak − to) · ½ (1 + cos(π · x^k)), x = min(t / over, 1), k = progress_power",
        source: "Loshchilov & Hutter 2017, \"SGDR\", equation 5, without restarts",
        parameters: [.to, .over, .progressPower],
        resolve: { arguments, scope in scope.passage(.cosine, arguments) }
    )
}

extension Curve {
    /// A half-cosine fall: rate(t) = to + (peak − to) · ½ (1 + cos(π · x^k)), x = min(t / over, 1).
    ///
    /// Source: Loshchilov & Hutter 2017, "SGDR", equation 5, without restarts; the exponent k: Zhang & Li
    /// 2020, "k-decay".
    ///
    /// - Parameters:
    ///   - to: The rate at t = over and after.
    ///   - over: How long the fall takes; the rest of the run or phase where it is `nil`.
    ///   - progressPower: The exponent k of the progress; above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func cosine(
        to: Target,
        over: Length? = nil,
        progressPower: Double = 1
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.cosine.make(to: to, over: over, progressPower: progressPower)
    }

    /// A half-cosine fall to 0 over the rest of the run or phase.
    public static func cosine() -> Curve {
        Curve(
            type: .cosine,
            arguments: Arguments(values: ["to": .target(.value(0)), "progress_power": .number(1)])
        )
    }
}
