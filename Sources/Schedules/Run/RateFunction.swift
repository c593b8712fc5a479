/// The learning rate of every step of a run: a schedule and what has changed it, in order.
///
/// `rate(at:)` is a pure function of the schedule, the run, the reports, the edits and the step. The saved form
/// holds just these; everything else follows from them.
public struct RateFunction: Hashable, Sendable {
    /// A report of the monitored metric.
    public struct Report: Hashable, Sendable, Codable {
        /// The count of finished updates after which the metric was measured.
        public let step: Int
        /// The metric; `nil` where it was not finite, which counts as no improvement.
        public let value: Double?
    }

    /// The schedule with its units, as the run began.
    public let schedule: RunSchedule
    /// That schedule against the run.
    public let resolved: ResolvedSchedule
    /// The reports that counted, in order.
    public private(set) var reports: [Report] = []
    /// The edits, by their steps; those of one step in the order in which they came.
    public private(set) var edits: [ScheduleEdit] = []
    /// The updates that are made: those of the run, unless it goes on past the end that its schedule knows,
    /// where the last rate holds.
    public let totalSteps: Int
    private var timeline: Timeline
    /// The edits that undo a reduction which has yet to come again.
    private var waiting = 0

    /// The rates of a run before any report or edit.
    ///
    /// - Parameters:
    ///   - schedule: The schedule with its units.
    ///   - run: The extent of the run that the schedule knows.
    ///   - totalSteps: The updates that are made; those of `run` by default.
    /// - Throws: A `ScheduleError` where the run cannot hold the schedule.
    public init(
        _ schedule: RunSchedule,
        run: Run,
        totalSteps: Int? = nil
    ) throws(ScheduleError) {
        self.schedule = schedule
        self.totalSteps = totalSteps ?? run.totalSteps
        resolved = try schedule.resolve(for: run)
        timeline = Timeline(resolved, totalSteps: self.totalSteps)
    }

    /// The rates of a run under a native schedule, before any report or edit.
    ///
    /// - Parameters:
    ///   - schedule: The schedule with its units.
    ///   - run: The extent of the run.
    /// - Throws: A `ScheduleError` where the run cannot hold the schedule.
    public init(_ schedule: Schedule, run: Run) throws(ScheduleError) {
        try self.init(.native(schedule), run: run)
    }

    /// The rates of a run after reports and edits that it took before.
    ///
    /// An edit that undoes a reduction of which `reports` know nothing waits until it comes again.
    ///
    /// - Parameters:
    ///   - schedule: The schedule with its units.
    ///   - run: The extent of the run that the schedule knows.
    ///   - totalSteps: The updates that are made; those of `run` by default.
    ///   - reports: The reports that counted, in order.
    ///   - edits: The edits, by their steps.
    /// - Throws: A `ScheduleError` where the run cannot hold the schedule or an edit.
    public init(
        _ schedule: RunSchedule,
        run: Run,
        totalSteps: Int? = nil,
        reports: [Report],
        edits: [ScheduleEdit]
    ) throws(ScheduleError) {
        try self.init(schedule, run: run, totalSteps: totalSteps)
        self.reports = reports
        self.edits = edits
        for edit in edits { try check(edit) }
        _ = try replay()
    }

    /// The learning rate of update `step`.
    ///
    /// - Parameter step: The 0-based update, at least 0.
    /// - Returns: The rate, finite and at least 0; past the run's end the one that is reached there.
    public func rate(at step: Int) -> Double {
        timeline.rate(at: step, in: timeline.stage(at: step))
    }

    /// The momentum of update `step`; `nil` where the schedule leaves the optimizer's.
    public func momentum(at step: Int) -> Double? {
        timeline.momentum(at: step)
    }

    /// Whether the momentum moves in some part of the run.
    public var movesMomentum: Bool { timeline.schedules.contains { $0.movesMomentum } }

    /// The steps at which the rate may bend or jump, rising.
    public var boundaries: [Int] {
        Set(resolved.boundaries + timeline.stages.dropFirst().map(\.from)).sorted()
    }

    /// The metrics that move the rate in some part of the run.
    public var monitors: Set<String> { Set(timeline.schedules.compactMap { $0.feedback?.monitor }) }

    /// The metric that moves the rate when it is reported at `step`; `nil` where none does.
    ///
    /// - Parameter step: The count of finished updates after which it was measured.
    /// - Returns: The metric's name in the schedule that is in force before an edit of the same step.
    public func monitor(at step: Int) -> String? {
        let stage = timeline.stage(at: max(0, step - 1))
        return timeline.schedules[stage.schedule].feedback?.monitor
    }

    /// What reports and edits changed, by their steps.
    public var events: [RateEvent] { timeline.events }

    /// What reports have left behind; `nil` where the schedule in force at the end takes none.
    public var feedback: FeedbackState? { timeline.feedback }

    /// The rule by which the schedule in force at the end follows a metric; `nil` where it follows none.
    public var feedbackRule: FeedbackRule? { timeline.rule?.rule }

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
        guard step > reports.last?.step ?? -1 else { return nil }
        let report = Report(step: step, value: value.isFinite ? value : nil)
        // A report of finished updates comes before an edit from the next one on, whichever came first.
        guard let last = edits.last, last.fromStep >= step else {
            guard counts(at: step, in: timeline) else { return nil }
            reports.append(report)
            return timeline.receive(value, at: step)
        }
        reports.append(report)
        let known = events.count
        rebuild()
        return events.count > known ? events.first { $0.step == step && $0.isFedBack } : nil
    }

    /// Takes an edit into account.
    ///
    /// - Parameter edit: The change and its first step, which lies within the run.
    /// - Returns: What the rate was and becomes at that step.
    /// - Throws: A `ScheduleError` that names `from_step`, `scale`, `learning_rate`, `schedule` or
    ///   `veto_reduction_at`; the rates are then as before.
    @discardableResult
    public mutating func edit(_ edit: ScheduleEdit) throws(ScheduleError) -> RateEvent {
        try check(edit)
        var changed = self
        let place = edits.lastIndex { $0.fromStep <= edit.fromStep }.map { $0 + 1 } ?? 0
        changed.edits.insert(edit, at: place)
        let events = try changed.replay(adding: place)
        guard let event = events[place], event.after.isFinite else {
            throw .conflict("scale", detail: "it takes the rate past every number")
        }
        guard changed.waiting <= waiting else {
            throw .conflict(
                "from_step",
                detail: "a later edit undoes a reduction that would not happen any more"
            )
        }
        self = changed
        return event
    }

    /// Forgets the reports past `step`, as when a run goes on from a checkpoint of that step.
    ///
    /// Edits stay; one that undoes a forgotten reduction waits until that comes again.
    ///
    /// - Parameter step: The count of finished updates that the checkpoint holds.
    public mutating func rewind(to step: Int) {
        reports = reports.filter { $0.step <= step }
        rebuild()
    }

    private func check(_ edit: ScheduleEdit) throws(ScheduleError) {
        let steps = 0..<totalSteps
        guard steps.contains(edit.fromStep) else {
            throw .outOfRange(
                "from_step",
                value: "\(edit.fromStep)",
                requirement: "a step of the run, from 0 to \(steps.upperBound - 1)"
            )
        }
        switch edit.change {
        case .scale(let number) where !Bounds.positive.contains(number):
            throw .outOfRange(
                "scale",
                value: "\(number)",
                requirement: Bounds.positive.description
            )
        case .learningRate(let number) where !Bounds.positive.contains(number):
            throw .outOfRange(
                "learning_rate",
                value: "\(number)",
                requirement: Bounds.positive.description
            )
        case .vetoReduction(let step) where step > edit.fromStep:
            throw .outOfRange(
                "veto_reduction_at",
                value: "\(step)",
                requirement: "at most from_step, \(edit.fromStep)"
            )
        default: break
        }
    }

    /// Whether a report at `step` counts after what the timeline holds.
    private func counts(at step: Int, in timeline: Timeline) -> Bool {
        guard let (rule, origin) = timeline.rule else { return false }
        return rule.reports.contains(step - origin)
    }

    /// Plays reports and edits again, a report before the edits of its step.
    ///
    /// - Parameter place: The place of an edit that must hold at once.
    /// - Returns: The event of each edit; `nil` where it waits for its reduction.
    /// - Throws: A `ScheduleError` where an edit cannot hold.
    private mutating func replay(
        adding place: Int? = nil
    ) throws(ScheduleError) -> [RateEvent?] {
        var timeline = Timeline(resolved, totalSteps: totalSteps)
        var counted: [Report] = []
        var pending = reports[...]
        var events: [RateEvent?] = []
        func receive(through step: Int) {
            while let report = pending.first, report.step <= step {
                pending.removeFirst()
                guard counts(at: report.step, in: timeline) else { continue }
                counted.append(report)
                _ = timeline.receive(report.value ?? .nan, at: report.step)
            }
        }
        for (index, edit) in edits.enumerated() {
            receive(through: edit.fromStep)
            if case .vetoReduction(let step) = edit.change, index != place,
                !timeline.hasReduction(at: step)
            {
                events.append(nil)
                continue
            }
            do throws(ScheduleError) {
                events.append(try timeline.apply(edit))
            } catch {
                guard case .schedule = edit.change else { throw error }
                throw error.prefixed(by: "schedule")
            }
        }
        receive(through: .max)
        self.timeline = timeline
        reports = counted
        waiting = events.count { $0 == nil }
        return events
    }

    /// Plays reports and edits again that have been played before.
    private mutating func rebuild() {
        do throws(ScheduleError) {
            _ = try replay()
        } catch {
            preconditionFailure("an edit that was accepted is refused: \(error)")
        }
    }
}

extension RateEvent {
    /// Whether reports of a metric brought the event about.
    fileprivate var isFedBack: Bool {
        switch kind {
        case .reduction, .increase, .restart: true
        case .scale, .learningRate, .schedule, .veto: false
        }
    }
}
