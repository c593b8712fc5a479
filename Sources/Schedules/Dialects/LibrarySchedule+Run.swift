extension LibrarySchedule {
    /// The flat form for a run: the scheduler is stepped once, in advance, and its answers are kept.
    ///
    /// A scheduler that follows a metric keeps its rate until a report; every report is a call. Composer's clock is
    /// the run's.
    ///
    /// - Parameter run: The extent of the run.
    /// - Returns: A value that gives the rate of any step.
    /// - Throws: A `ScheduleError` where the library refuses the parameters, or raises within the run.
    public func resolve(for run: Run) throws(ScheduleError) -> ResolvedSchedule {
        guard !followsMetric else {
            let state = try LibraryFeedbackState(self)
            var lanes = Lanes(
                rate: [
                    Segment(
                        start: 0,
                        terms: [Term(origin: 0, shape: .feedback(initial: state.value))]
                    )
                ])
            lanes.feedback = FeedbackRule(
                monitor: monitor,
                mode: mode,
                policy: .library(self),
                initial: state.value,
                floor: 0,
                reports: 0..<(run.totalSteps + 1)
            )
            return ResolvedSchedule(run: run, lanes: lanes)
        }
        let calls = call(at: run.totalSteps - 1, in: run) + 1
        let clock = LibraryClock(
            maximumDuration: "\(run.totalSteps)ba",
            batchesPerEpoch: run.stepsPerEpoch
        )
        let preview = try preview(steps: calls, clock: library == .composer ? clock : nil)
        if let refusal = preview.refusal {
            throw .conflict(
                "params",
                detail: "\(title) fails at call \(refusal.step) of the \(calls) of this run: "
                    + refusal.reason
            )
        }
        return ResolvedSchedule(
            run: run,
            sampled: SampledRates(
                rates: preview.learningRates,
                momenta: preview.momenta,
                stepsPerCall: unit == .epochs ? run.stepsPerEpoch : 1
            )
        )
    }

    /// The scheduler's name in sentences: `StepLR of torch`.
    var title: String { "\(name) of \(library.rawValue)" }

    /// The count of calls before an update.
    func call(at step: Int, in run: Run) -> Int {
        unit == .epochs ? step / run.stepsPerEpoch : step
    }

    /// Whether the parameters, or the defaults for them, say that greater reports are better.
    private var mode: FeedbackRule.Mode {
        let arguments = try? entry().arguments(parameters)
        // A schedule that exists has an entry and fit parameters; Optax knows no mode and takes the least.
        switch arguments?.value("mode") {
        case .text("max"): return .maximum
        case .text("auto"): return FeedbackRule.Mode(monitor: writtenMonitor ?? "")
        default: return .minimum
        }
    }

    private var writtenMonitor: String? {
        guard case .text(let name)? = parameters["monitor"] else { return nil }
        return name
    }

    /// The metric that is reported: Keras names it; elsewhere it is the validation loss, or the accuracy where
    /// greater is better.
    private var monitor: String {
        switch writtenMonitor {
        case "val_loss", nil:
            mode == .maximum ? "validation_accuracy" : "validation_loss"
        case "val_accuracy", "val_acc": "validation_accuracy"
        case "loss": "train_loss"
        case .some(let name): name
        }
    }
}
