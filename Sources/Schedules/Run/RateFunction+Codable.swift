extension RateFunction: Codable {
    private enum CodingKeys: String, CodingKey {
        case schedule, run, reports, edits
        case totalSteps = "total_steps"
    }

    /// Reads the schedule, the run, the reports and the edits, and plays them.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError` where the run cannot hold the schedule.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            container.decode(RunSchedule.self, forKey: .schedule),
            run: container.decode(Run.self, forKey: .run),
            totalSteps: container.decodeIfPresent(Int.self, forKey: .totalSteps),
            reports: container.decode([Report].self, forKey: .reports),
            edits: container.decode([ScheduleEdit].self, forKey: .edits)
        )
    }

    /// Writes the schedule, the run, the reports and the edits.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schedule, forKey: .schedule)
        try container.encode(resolved.run, forKey: .run)
        if totalSteps != resolved.run.totalSteps {
            try container.encode(totalSteps, forKey: .totalSteps)
        }
        try container.encode(reports, forKey: .reports)
        try container.encode(edits, forKey: .edits)
    }
}
