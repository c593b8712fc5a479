internal import Schedules
internal import TrainingAPI

/// The rates of a job that goes on from another's checkpoint, and the parts of which they are stored.
struct ForkPlan {
    /// The job that is gone on from.
    struct Parent {
        /// Its rates, as far as reports up to the checkpoint have moved them.
        let rates: RateFunction
        /// Its edits.
        let edits: EditLog
        /// The reports up to the checkpoint.
        let reports: [RateFunction.Report]
    }

    /// The run that the new job's schedule knows, where it is not the job's own.
    let scheduleRun: Run?
    /// What has been changed of the rates from the outset.
    let edits: EditLog
    /// The reports that the new job begins with.
    let reports: [RateFunction.Report]
    /// The rates.
    let rates: RateFunction

    /// Plans the rates of a fork.
    ///
    /// - Parameters:
    ///   - parent: The job that is gone on from.
    ///   - schedule: The new job's schedule.
    ///   - run: The extent of the new job's run.
    ///   - step: The finished updates at which it begins.
    ///   - policy: What becomes of the rate.
    ///   - isNew: Whether `schedule` is not the parent's own, so that its edits and reports do not count.
    ///   - now: The instant of the edits that the policy makes, RFC 3339.
    /// - Throws: A `ScheduleError` where the rates cannot be so.
    init(
        of parent: Parent,
        under schedule: RunSchedule,
        over run: Run,
        from step: Int,
        _ policy: LearningRatePolicy,
        isNew: Bool,
        at now: String
    ) throws(ScheduleError) {
        var edits = EditLog()
        var reports: [RateFunction.Report] = []
        // What would change no step of the new run is left behind.
        if !isNew, policy != .restart {
            for edit in parent.edits.edits where edit.edit.fromStep < run.totalSteps {
                edits.insert(edit)
            }
            reports = parent.reports
        }
        switch policy {
        case .carry:
            scheduleRun = parent.rates.resolved.run
        case .restart:
            scheduleRun = nil
            edits.insert(
                RecordedEdit(
                    ScheduleEdit(fromStep: step, .schedule(schedule)),
                    createdAt: now,
                    note: "restart: the schedule begins anew where the job goes on"
                )
            )
        case .rescale:
            scheduleRun = nil
        case .splice:
            scheduleRun = nil
            let scaled = try RateFunction(
                schedule,
                run: run,
                reports: reports,
                edits: edits.edits.map(\.edit)
            )
            let (old, new) = (parent.rates.rate(at: step), scaled.rate(at: step))
            guard old > 0, new > 0 else {
                throw .conflict(
                    "learning_rate_policy",
                    detail: new > 0
                        ? "splice cannot go on from a rate of 0, which the job has at step \(step)"
                        : "splice cannot scale the new schedule's rate of 0 at step \(step)"
                )
            }
            edits.insert(
                RecordedEdit(
                    ScheduleEdit(fromStep: step, .scale(old / new)),
                    createdAt: now,
                    note: "splice: goes on from the rate that the job had"
                )
            )
        }
        self.edits = edits
        self.reports = reports
        rates = try RateFunction(
            schedule,
            run: scheduleRun ?? run,
            totalSteps: run.totalSteps,
            reports: reports,
            edits: edits.edits.map(\.edit)
        )
    }

    /// Plans the rates of a branch that falls to zero.
    ///
    /// - Parameters:
    ///   - parent: The job that is gone on from.
    ///   - request: How the rate falls.
    ///   - schedule: The parent's schedule.
    ///   - run: The extent of the branch's run.
    ///   - step: The finished updates at which it begins.
    ///   - now: The instant of the edit, RFC 3339.
    /// - Throws: A `ScheduleError` where the rate is 0 already.
    init(
        of parent: Parent,
        coolingDown request: CooldownRequest,
        under schedule: RunSchedule,
        over run: Run,
        from step: Int,
        at now: String
    ) throws(ScheduleError) {
        let rate = parent.rates.rate(at: step)
        guard rate > 0 else {
            throw .conflict("from_step", detail: "the rate at step \(step) is 0 already")
        }
        var edits = EditLog()
        for edit in parent.edits.edits where edit.edit.fromStep <= step { edits.insert(edit) }
        edits.insert(
            RecordedEdit(
                ScheduleEdit(fromStep: step, .schedule(try request.schedule(from: rate))),
                createdAt: now,
                note: "cooldown: falls to 0 over the rest of the run"
            )
        )
        scheduleRun = parent.rates.resolved.run
        self.edits = edits
        reports = parent.reports
        rates = try RateFunction(
            schedule,
            run: parent.rates.resolved.run,
            totalSteps: run.totalSteps,
            reports: reports,
            edits: edits.edits.map(\.edit)
        )
    }
}
