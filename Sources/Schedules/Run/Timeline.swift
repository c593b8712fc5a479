/// The stretches of a run between edits and moves of a fed-back rate; grows in the order of steps alone.
struct Timeline: Hashable, Sendable {
    /// A stretch in which one formula gives the rates.
    struct Stage: Hashable, Sendable {
        /// The first update of the stretch.
        var from: Int
        /// The place in `schedules` of the one in force.
        var schedule = 0
        /// The run's step at which that schedule's own step 0 stands.
        var origin = 0
        /// The rate that an edit holds.
        var held: Double?
        /// The product of the scales.
        var scale = 1.0
        /// What metrics have made of the fed-back rate.
        var feedback: Double?
    }

    /// The run's schedule and those that edits began.
    private(set) var schedules: [ResolvedSchedule]
    /// The stretches, rising; the first begins at 0.
    private(set) var stages = [Stage(from: 0)]
    /// What happened, in order.
    private(set) var events: [RateEvent] = []
    /// What reports have left behind; `nil` where the schedule in force takes none.
    private(set) var feedback: FeedbackState?
    /// The moves of the fed-back rate of the schedule in force that were not undone.
    private var changes: [Int: FeedbackChange] = [:]

    init(_ schedule: ResolvedSchedule) {
        schedules = [schedule]
        feedback = schedule.feedback?.initialState
    }

    /// The stretch at the end.
    private var last: Stage { stages[stages.count - 1] }

    /// The rule of the schedule that is in force at the end, and where it began.
    var rule: (rule: FeedbackRule, origin: Int)? {
        schedules[last.schedule].feedback.map { ($0, last.origin) }
    }

    func stage(at step: Int) -> Stage {
        var low = 0
        var high = stages.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if stages[middle].from <= step { low = middle } else { high = middle }
        }
        return stages[low]
    }

    func rate(at step: Int, in stage: Stage) -> Double {
        let rate =
            stage.held
            ?? schedules[stage.schedule].rate(at: step - stage.origin, feedback: stage.feedback)
        return stage.scale == 1 ? rate : rate * stage.scale
    }

    func momentum(at step: Int) -> Double? {
        let stage = stage(at: step)
        return schedules[stage.schedule].momentum(at: step - stage.origin)
    }

    /// Takes a report of the metric that the schedule in force follows.
    mutating func receive(_ metric: Double, at step: Int) -> RateEvent? {
        guard let (rule, _) = rule, let change = feedback?.report(metric, rule: rule) else {
            return nil
        }
        changes[step] = change
        var stage = last
        stage.feedback = change.after
        return enter(stage, at: step, change.kind, change.reason)
    }

    /// Takes an edit, whose numbers are checked.
    mutating func apply(_ edit: ScheduleEdit) throws(ScheduleError) -> RateEvent {
        var stage = last
        switch edit.change {
        case .scale(let factor):
            let scale = stage.scale * factor
            guard scale.isNormal else {
                throw .conflict(
                    "scale",
                    detail: "\(factor.brief) on top of \(stage.scale.brief), the scales so far, is "
                        + "beyond what numbers hold"
                )
            }
            stage.scale = scale
            return enter(stage, at: edit.fromStep, .scale, "your edit × \(factor.brief)")
        case .learningRate(let rate):
            stage.held = rate
            stage.scale = 1
            return enter(
                stage,
                at: edit.fromStep,
                .learningRate,
                "your edit holds \(rate.brief)"
            )
        case .schedule(let schedule):
            let whole = schedules[0].run
            let rest = try Run(
                totalSteps: whole.totalSteps - edit.fromStep,
                stepsPerEpoch: whole.stepsPerEpoch
            )
            let resolved = try schedule.resolve(for: rest)
            schedules.append(resolved)
            feedback = resolved.feedback?.initialState
            changes = [:]
            stage = Stage(from: 0, schedule: schedules.count - 1, origin: edit.fromStep)
            return enter(
                stage,
                at: edit.fromStep,
                .schedule,
                "your edit begins \(schedule.name)"
            )
        case .vetoReduction(let step):
            guard let change = changes[step], change.kind == .reduction else {
                throw .conflict(
                    "veto_reduction_at",
                    detail: "there is no reduction to undo at step \(step)"
                )
            }
            changes[step] = nil
            let value = feedback?.restore(change.before / change.after)
            stage.feedback = value
            return enter(
                stage,
                at: edit.fromStep,
                .veto,
                "your edit undoes the reduction at step \(step)"
            )
        }
    }

    /// Begins a stretch and says what that changed.
    private mutating func enter(
        _ stage: Stage,
        at step: Int,
        _ kind: RateEvent.Kind,
        _ cause: String
    ) -> RateEvent {
        let before = rate(at: step, in: last)
        var stage = stage
        stage.from = step
        if last.from == step, stages.count > 1 { stages.removeLast() }
        stages.append(stage)
        let event = RateEvent(
            step: step,
            kind: kind,
            before: before,
            after: rate(at: step, in: stage),
            cause: cause
        )
        events.append(event)
        return event
    }
}
