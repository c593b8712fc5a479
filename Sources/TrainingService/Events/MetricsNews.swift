internal import Foundation
internal import Jobs
internal import TrainingAPI

/// What was measured and not yet told: at most four events a second, each with the newest values and the
/// steps that can be read by now.
struct MetricsNews: Sendable {
    /// How many events there are in any second, at most.
    static let perSecond = 4

    private var values: [String: Double] = [:]
    private var steps: Range<Int>?
    private var secondsLeft: Double?
    /// When the newest events were told, at most ``perSecond`` of them.
    private var told: [ContinuousClock.Instant] = []

    /// Notes a report that is to be stored; one without measurements is no news.
    mutating func note(_ report: WorkerReport, secondsLeft: Double?) {
        guard report.fromStep < report.toStep || !report.series.isEmpty else { return }
        for series in report.series { values[series.name] = series.values.last }
        steps = (steps?.lowerBound ?? report.fromStep)..<report.toStep
        self.secondsLeft = secondsLeft
    }

    /// Tells the news, unless there is none or it is too early.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - date: The same on the wall clock.
    ///   - isLast: Whether the run ends, so that what is not told now is never told.
    /// - Returns: The event.
    mutating func draft(
        now: ContinuousClock.Instant = .now,
        at date: Date,
        isLast: Bool = false
    ) -> JobEventDraft? {
        guard let steps else { return nil }
        told.removeAll { $0 + .seconds(1) <= now }
        guard told.count < Self.perSecond || isLast else { return nil }
        told.append(now)
        let draft = JobEventDraft(.metrics, at: date) { writer in
            writer.field("from_step", steps.lowerBound)
            writer.field("to_step", steps.upperBound)
            writer.field("seconds_left", secondsLeft)
            writer.field("values", values)
        }
        self.steps = nil
        values = [:]
        return draft
    }
}
