internal import Schedules

/// What of the optimizer and the loop only fits some jobs.
extension JobSpecification {
    /// Reports monitors that have no value without validation rows.
    func checkMonitors(
        _ facts: DatasetFacts,
        validationRows: Int,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) {
        let evaluation = pointer.appending("evaluate").appending("monitor")
        var monitors: [(Monitor, Pointer)] = []
        if let monitor = schedule.monitor.flatMap(Monitor.init(word:)) {
            monitors.append((monitor, pointer.appending("schedule").appending("monitor")))
        }
        if let earlyStopping {
            let place = pointer.appending("early_stopping").appending("monitor")
            monitors.append((earlyStopping.monitor, place))
        }
        for (monitor, place) in monitors where validationRows == 0 && monitor.needsValidation {
            context.report(
                place,
                .conflict,
                "\(monitor.rawValue) needs validation rows, and dataset.validation is null;"
                    + " write \"train_loss\" or give dataset.validation"
            )
        }
        guard case .values = facts.target else { return }
        for (monitor, place) in [(evaluate.monitor, evaluation)] + monitors
        where monitor == .validationAccuracy {
            context.report(
                place,
                .conflict,
                "validation_accuracy is of classes, and \(facts.name) has values to predict; write"
                    + " \"validation_loss\""
            )
        }
    }

    /// Reports what the optimizer cannot do under this schedule and with a model's parameters, where
    /// they are known.
    func checkOptimizer(
        _ schedule: ResolvedSchedule,
        layout: ParameterLayout?,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) {
        if let layout {
            optimizer.checkGroups(in: layout, at: pointer.appending("optimizer"), &context)
        }
        guard schedule.movesMomentum, optimizer.rule.momentum == nil else { return }
        context.report(
            pointer.appending("schedule"),
            .conflict,
            "the schedule moves the momentum, and \(optimizer.rule.name) has none; write"
                + " \"momentum\": null in the schedule"
        )
    }

    /// Warns of an early stop that would leave the fall of the rate unfinished, or that cannot come.
    func warnOfEarlyStop(
        _ schedule: ResolvedSchedule,
        evaluationInterval interval: Int,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) {
        guard let earlyStopping else { return }
        let place = pointer.appending("early_stopping")
        let run = schedule.run
        let uncounted = earlyStopping.startAfter.map { $0.steps(in: run) / interval } ?? 0
        // The first validation that counts is the best one so far; patience begins with the next.
        let (last, overflows) = (uncounted + 1 + earlyStopping.patience)
            .multipliedReportingOverflow(by: interval)
        guard !overflows, last < run.totalSteps else {
            context.warn(
                place,
                "the run is too short to be stopped early: its \(grouped(run.totalSteps)) steps"
                    + " have no \(grouped(earlyStopping.patience)) validations in a row that could"
                    + " fail to improve before the last step"
            )
            return
        }
        let (rate, end) = (schedule.rate(at: last), schedule.rate(at: run.totalSteps - 1))
        guard rate > end * (1 + 1e-9) else { return }
        context.warn(
            place,
            "the learning rate falls to the end of the run, and the run may end from step"
                + " \(grouped(last)) on, where the rate is still \(shortest(rate)): what is not"
                + " decayed yet is not finished; write start_after to let the fall end"
        )
    }
}
