/// What a library's metric-driven scheduler remembers: its reports, from which the rest is played again.
public struct LibraryFeedbackState: Sendable {
    /// The scheduler's description.
    public let schedule: LibrarySchedule
    /// The reports so far; `nil` where one was not finite.
    public private(set) var reports: [Double?] = []
    private var scheduler: any LibraryScheduler

    init(_ schedule: LibrarySchedule) throws(ScheduleError) {
        self.schedule = schedule
        scheduler = try schedule.makeScheduler(steps: 1, clock: nil)
    }

    /// The rate now in force.
    public var value: Double { scheduler.rate }

    /// Takes a report: one call of the library's scheduler.
    mutating func report(_ metric: Double, mode: FeedbackRule.Mode) -> FeedbackChange? {
        let before = value
        reports.append(metric.isFinite ? metric : nil)
        // No scheduler that follows a metric raises once it is made; one that did would keep its rate.
        try? scheduler.step(metric: metric)
        guard value != before else { return nil }
        return FeedbackChange(
            kind: value < before ? .reduction : .increase,
            before: before,
            after: value,
            reason: "\(schedule.title) on report \(reports.count), \(metric.brief)" + best(mode)
        )
    }

    /// The best report so far and how long ago it came, as the rest of a sentence.
    private func best(_ mode: FeedbackRule.Mode) -> String {
        let finite = reports.enumerated().compactMap { place, report in report.map { (place, $0) } }
        // Of equal ones the first: the later ones were no better.
        let best =
            switch mode {
            case .minimum: finite.min { ($0.1, $0.0) < ($1.1, $1.0) }
            case .maximum: finite.min { (-$0.1, $0.0) < (-$1.1, $1.0) }
            }
        guard let (place, value) = best else { return "" }
        let age = reports.count - 1 - place
        return age == 0
            ? ", the best so far"
            : "; best \(value.brief), \(age) report\(age == 1 ? "" : "s") before"
    }

    /// Multiplies the rate, as when a reduction is undone.
    mutating func restore(_ factor: Double) {
        scheduler.multiplyRate(by: factor)
    }
}

extension LibraryFeedbackState: Hashable {
    /// Whether both have the same schedule, reports and rate.
    public static func == (left: LibraryFeedbackState, right: LibraryFeedbackState) -> Bool {
        left.schedule == right.schedule && left.reports == right.reports
            && left.value == right.value
    }

    /// Hashes the schedule and the reports.
    ///
    /// - Parameter hasher: Where to hash into.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(schedule)
        hasher.combine(reports)
    }
}

extension LibraryFeedbackState: Codable {
    private enum CodingKeys: String, CodingKey {
        case schedule, reports, value
    }

    /// Reads the schedule and the reports, plays them again, and puts the saved rate in force.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(container.decode(LibrarySchedule.self, forKey: .schedule))
        for report in try container.decode([Double?].self, forKey: .reports) {
            _ = self.report(report ?? .nan, mode: .minimum)
        }
        let saved = try container.decode(Double.self, forKey: .value)
        if value != 0, saved != value { restore(saved / value) }
    }

    /// Writes the schedule, the reports and the rate in force.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schedule, forKey: .schedule)
        try container.encode(reports, forKey: .reports)
        try container.encode(value, forKey: .value)
    }
}
