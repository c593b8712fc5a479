extension ScheduleType {
    static let linear = ScheduleType(
        name: "linear",
        summary: "A straight way from the peak to an end value.",
        formula: "rate(t) = to + (peak − to) · (1 − x^k), x = min(t / over, 1), k = progress_power",
        source: "Li et al. 2020, \"Budgeted Training\", section 4",
        parameters: [.to, .over, .progressPower],
        resolve: { arguments, scope in scope.passage(.linear, arguments) }
    )
}

extension Curve {
    /// A straight way: rate(t) = to + (peak − to) · (1 − x^k), x = min(t / over, 1).
    ///
    /// Source: Li et al. 2020, "Budgeted Training", section 4; the exponent k: Zhang & Li 2020, "k-decay".
    ///
    /// - Parameters:
    ///   - to: The rate at t = over and after.
    ///   - over: How long the way takes; the rest of the run or phase where it is `nil`.
    ///   - progressPower: The exponent k of the progress; above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func linear(
        to: Target = .value(0),
        over: Length? = nil,
        progressPower: Double = 1
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.linear.make(to: to, over: over, progressPower: progressPower)
    }
}
