import TrainingAPI

/// Rates as comma-separated values, each in the shortest form that reads back to the same double.
enum RateTable {
    /// The names of the columns, then a line per step.
    static func lines(_ schedule: ScheduleBody) -> [String] {
        let steps = schedule.steps ?? Array(schedule.fromStep..<schedule.totalSteps)
        let rows = zip(steps, schedule.learningRates)
        guard let momenta = schedule.momenta else {
            return ["step,learning_rate"] + rows.map { "\($0),\($1)" }
        }
        return ["step,learning_rate,momentum"]
            + zip(rows, momenta).map { row, momentum in "\(row.0),\(row.1),\(momentum)" }
    }
}
