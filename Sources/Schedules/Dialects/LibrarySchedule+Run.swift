extension LibrarySchedule {
    /// The most calls that are made in advance for one run.
    public static let callLimit = 5_000_000

    /// The flat form for a run: the scheduler is stepped once, in advance, and its answers are kept.
    ///
    /// A scheduler that follows a metric keeps its rate until a report; every report is a call. Composer's clock is
    /// the run's.
    ///
    /// - Parameter run: The extent of the run.
    /// - Returns: A value that gives the rate of any step.
    /// - Throws: A `ScheduleError` where the library refuses the parameters, or raises within the run, or where
    ///   the run has more than `callLimit` calls.
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
                monitor: metric,
                mode: mode,
                policy: .library(self),
                initial: state.value,
                floor: 0,
                reports: 0..<(run.totalSteps + 1)
            )
            return ResolvedSchedule(run: run, lanes: lanes)
        }
        let calls = call(at: run.totalSteps - 1, in: run) + 1
        guard calls <= Self.callLimit else {
            throw .conflict(
                "unit",
                detail:
                    "\(title) would be called \(calls) times in this run, and \(Self.callLimit) calls at most "
                    + "are made in advance; step it in epochs, or write a native schedule"
            )
        }
        let clock = library == .composer ? LibraryClock(run) : nil
        let preview = try preview(steps: calls, clock: clock)
        if let refusal = preview.refusal {
            throw .conflict(
                "params",
                detail:
                    "\(title) fails at \(place(ofCall: refusal.step, in: run)): \(refusal.reason)"
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

    /// The metric that the scheduler is called with; `nil` where it follows none.
    public var followedMetric: String? { followsMetric ? metric : nil }

    /// The scheduler's name in sentences: `StepLR of torch`.
    var title: String { "\(name) of \(library.rawValue)" }

    /// The count of calls before an update.
    func call(at step: Int, in run: Run) -> Int {
        unit == .epochs ? step / run.stepsPerEpoch : step
    }

    /// A call and the update before which it is made, in words.
    private func place(ofCall call: Int, in run: Run) -> String {
        switch unit {
        case .steps: "step \(call) of the \(run.totalSteps) of this run"
        case .epochs:
            "call \(call), step \(call * run.stepsPerEpoch) of the \(run.totalSteps) of this run"
        }
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

    /// The metric that is reported: the one that is named here or, in Keras, there; else the validation loss, or
    /// the accuracy where greater is better.
    private var metric: String {
        if let monitor { return monitor }
        return switch writtenMonitor {
        case "val_loss", nil:
            mode == .maximum ? "validation_accuracy" : "validation_loss"
        case "val_accuracy", "val_acc": "validation_accuracy"
        case "loss": "train_loss"
        case .some(let name): name
        }
    }
}
