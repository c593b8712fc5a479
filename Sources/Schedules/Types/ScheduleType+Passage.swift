extension ScheduleType {
    /// A curve of this type with the parameters of a passage beside `others`.
    func make(
        to: Target,
        over: Length?,
        progressPower: Double,
        _ others: [String: ParameterValue] = [:]
    ) throws(ScheduleError) -> Curve {
        var values = others
        values["to"] = .target(to)
        values["over"] = over.map { .length($0) }
        values["progress_power"] = .number(progressPower)
        return try make(values)
    }
}
