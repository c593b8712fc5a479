extension ScheduleType {
    static let rex = ScheduleType(
        name: "rex",
        summary: "A rational fall that stays high and then drops.",
        formula: "rate(t) = to + (peak − to) · (1 − y) / (1 − y/2), y = x^k, x = min(t / over, 1)",
        source: "Chen, Wolfe & Kyrillidis 2022, \"REX: Revisiting Budgeted Training\", section 3",
        parameters: [.to, .over, .progressPower],
        resolve: { arguments, scope in scope.passage(.rational, arguments) }
    )
}

extension Curve {
    /// A rational fall: rate(t) = to + (peak − to) · (1 − y) / (1 − y/2), y = x^k, x = min(t / over, 1).
    ///
    /// Source: Chen, Wolfe & Kyrillidis 2022, "REX: Revisiting Budgeted Training with an Improved Schedule".
    ///
    /// - Parameters:
    ///   - to: The rate at t = over and after.
    ///   - over: How long the fall takes; the rest of the run or phase where it is `nil`.
    ///   - progressPower: The exponent k of the progress; above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func rex(
        to: Target = .value(0),
        over: Length? = nil,
        progressPower: Double = 1
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.rex.make(to: to, over: over, progressPower: progressPower)
    }
}
