/// The learning rate of every step of a run: a schedule and what has changed it, in order.
///
/// `rate(at:)` is a pure function of the schedule, the run, the reports and the step. The saved form holds just
/// these; everything else follows from them.
public struct RateFunction: Hashable, Sendable {
    /// A report of the monitored metric.
    public struct Report: Hashable, Sendable, Codable {
        /// The count of finished updates after which the metric was measured.
        public let step: Int
        /// The metric; `nil` where it was not finite, which counts as no improvement.
        public let value: Double?
    }

    /// A stretch of the run with one fed-back rate.
    private struct Stage: Hashable {
        let from: Int
        let feedback: Double?
    }

    /// The schedule with its units.
    public let schedule: Schedule
    /// The schedule against the run.
    public let resolved: ResolvedSchedule
    /// The reports that counted, in order.
    public private(set) var reports: [Report] = []
    /// What the reports changed, in order.
    public private(set) var events: [RateEvent] = []
    /// What the reports have left behind; `nil` where the schedule takes none.
    public private(set) var feedback: FeedbackState?
    private var stages = [Stage(from: 0, feedback: nil)]

    /// The rates of a run before any report.
    ///
    /// - Parameters:
    ///   - schedule: The schedule with its units.
    ///   - run: The extent of the run.
    /// - Throws: A `ScheduleError` where the run cannot hold the schedule.
    public init(_ schedule: Schedule, run: Run) throws(ScheduleError) {
        self.schedule = schedule
        resolved = try schedule.resolve(for: run)
        feedback = resolved.feedback?.initialState
    }

    /// The learning rate of update `step`.
    ///
    /// - Parameter step: The 0-based update, at least 0.
    /// - Returns: The rate, finite and at least 0; past the run's end the one that is reached there.
    public func rate(at step: Int) -> Double {
        resolved.rate(at: step, feedback: stage(at: step).feedback)
    }

    /// The momentum of update `step`; `nil` where the schedule leaves the optimizer's.
    public func momentum(at step: Int) -> Double? {
        resolved.momentum(at: step)
    }

    /// Takes a report of the monitored metric into account; what changes holds from update `step` on.
    ///
    /// Reports before the fed-back part begins, such as during a warm-up, and reports at a step that is not
    /// past the last one, change nothing.
    ///
    /// - Parameters:
    ///   - value: The metric; one that is not finite counts as no improvement.
    ///   - step: The count of finished updates after which the metric was measured.
    /// - Returns: The change; `nil` where the rates stay.
    @discardableResult
    public mutating func report(_ value: Double, at step: Int) -> RateEvent? {
        guard let rule = resolved.feedback, rule.reports.contains(step),
            step > reports.last?.step ?? -1
        else { return nil }
        reports.append(Report(step: step, value: value.isFinite ? value : nil))
        guard let change = feedback?.report(value, rule: rule) else { return nil }
        let before = rate(at: step)
        stages.append(Stage(from: step, feedback: change.after))
        let after = rate(at: step)
        let event = RateEvent(
            step: step,
            kind: .reduction,
            before: before,
            after: after,
            reason: "step \(step): \(change.reason); \(before.brief) to \(after.brief)"
        )
        events.append(event)
        return event
    }

    /// Forgets the reports past `step`, as when a run goes on from a checkpoint of that step.
    ///
    /// - Parameter step: The count of finished updates that the checkpoint holds.
    public mutating func rewind(to step: Int) {
        let kept = reports.prefix { $0.step <= step }
        reports = []
        events = []
        feedback = resolved.feedback?.initialState
        stages = [Stage(from: 0, feedback: nil)]
        for report in kept { self.report(report.value ?? .nan, at: report.step) }
    }

    private func stage(at step: Int) -> Stage {
        var low = 0
        var high = stages.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if stages[middle].from <= step { low = middle } else { high = middle }
        }
        return stages[low]
    }
}

extension RateFunction: Codable {
    private enum CodingKeys: String, CodingKey {
        case schedule, run, reports
    }

    /// Reads the schedule, the run and the reports, and replays the reports.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError` where the run cannot hold the schedule.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            container.decode(Schedule.self, forKey: .schedule),
            run: container.decode(Run.self, forKey: .run)
        )
        for report in try container.decode([Report].self, forKey: .reports) {
            self.report(report.value ?? .nan, at: report.step)
        }
    }

    /// Writes the schedule, the run and the reports.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schedule, forKey: .schedule)
        try container.encode(resolved.run, forKey: .run)
        try container.encode(reports, forKey: .reports)
    }
}
