/// How the reports of a metric move a rate, and where in the run they count.
public struct FeedbackRule: Hashable, Sendable {
    /// Which reports are better ones.
    public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
        /// Smaller ones.
        case minimum = "min"
        /// Greater ones.
        case maximum = "max"

        /// The mode that a metric's name suggests: `max` for accuracies, F1, AUC and the like, else `min`.
        ///
        /// - Parameter monitor: The metric's name; its words are told apart by what is no letter or digit.
        public init(monitor: String) {
            let words = monitor.lowercased().split { !$0.isLetter && !$0.isNumber }
            let risers: Set<Substring> = [
                "accuracy", "acc", "f1", "auc", "precision", "recall", "score", "top1", "top5",
            ]
            self = words.contains(where: risers.contains) ? .maximum : .minimum
        }
    }

    /// What is done with the reports.
    public enum Policy: Hashable, Sendable {
        /// The rate falls on a plateau.
        case plateau(PlateauRule)
        /// The rate rises and falls with the metric.
        case greedy(GreedyRule)
        /// A library's scheduler is called with every report.
        case library(LibrarySchedule)
    }

    /// The name of the metric.
    public let monitor: String
    /// Which reports are better ones.
    public let mode: Mode
    /// What is done with the reports.
    public let policy: Policy
    /// The fed-back rate before any report.
    public let initial: Double
    /// The least fed-back rate.
    public let floor: Double
    /// The counts of finished updates at which reports count: from the end of the warm-up on.
    public let reports: Range<Int>

    /// The same rule whose reports count only before `end`.
    func ending(at end: Int) -> FeedbackRule {
        FeedbackRule(
            monitor: monitor,
            mode: mode,
            policy: policy,
            initial: initial,
            floor: floor,
            reports: reports.clamped(to: Int.min..<end)
        )
    }

    /// The state before any report.
    public var initialState: FeedbackState {
        switch policy {
        case .plateau: .plateau(PlateauState(value: initial))
        case .greedy: .greedy(GreedyState(value: initial))
        case .library(let schedule): .library(Self.state(of: schedule))
        }
    }

    private static func state(of schedule: LibrarySchedule) -> LibraryFeedbackState {
        do throws(ScheduleError) {
            return try LibraryFeedbackState(schedule)
        } catch {
            preconditionFailure("a schedule that was made once is refused: \(error)")
        }
    }
}
