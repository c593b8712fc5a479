internal import Schedules
internal import Training
internal import TrainingAPI

/// The steps of one run: an update at each granted rate, a validation at each interval, the test at the
/// end.
struct TrainingLoop {
    private let job: LeasedJob
    private let specification: JobSpecification
    private let session: TrainingSession
    private let clock = ContinuousClock()
    /// The finished updates up to which validations do not count towards an early end.
    private let uncountedSteps: Int
    /// What is remembered from one update to the next.
    private var state: LoopState
    private var checkpoints: CheckpointTaker
    private var began = ContinuousClock.now

    /// Makes the loop of `session` for a job, which goes on from what an earlier loop remembered.
    init(
        _ job: LeasedJob,
        specification: JobSpecification,
        session: TrainingSession,
        resuming state: LoopState = LoopState()
    ) {
        self.state = state
        checkpoints = CheckpointTaker(job, rule: specification.checkpoint)
        self.job = job
        self.specification = specification
        self.session = session
        let run = try? Run(totalSteps: job.totalSteps, stepsPerEpoch: job.stepsPerEpoch)
        let start = specification.earlyStopping?.startAfter
        // A run without steps has no validation to count either.
        uncountedSteps = run.flatMap { run in start?.steps(in: run) } ?? 0
    }

    /// Trains to the last step, or to where early stopping ends the run.
    ///
    /// - Parameter channel: Where rates come from and metrics go to.
    /// - Returns: `succeeded`, or `released` where the channel stopped the run.
    /// - Throws: `TrainingError` where the training cannot go on.
    mutating func run(_ channel: RunChannel) throws(TrainingError) -> WorkerCompletion.Outcome {
        while session.step < job.totalSteps, state.summary.earlyStop == nil {
            guard let rate = channel.rate(at: session.step) else {
                try takeLastCheckpoint(channel)
                return .released
            }
            try update(at: rate, channel)
            let done = session.step
            let isLast = done == job.totalSteps
            if done.isMultiple(of: job.stepsPerEpoch) || isLast { endEpoch(at: done, channel) }
            if done.isMultiple(of: job.evaluationInterval) || isLast {
                let value = try validate(at: done, lastRate: rate.learningRate, channel)
                if !isLast { stopEarly(value, at: done, channel) }
            }
            if !isLast, checkpoints.isDue(at: done), !channel.isSaving {
                try takeCheckpoint(channel)
            }
        }
        try takeLastCheckpoint(channel)
        try finish(channel)
        state.summary.seconds = remembered.seconds
        state.summary.stepsPerSecond = Double(session.step) / max(state.updateSeconds, 1e-9)
        return .succeeded(state.summary)
    }

    private mutating func update(
        at rate: RunChannel.Rate,
        _ channel: RunChannel
    ) throws(TrainingError) {
        let start = clock.now
        let result = try session.update(rate: rate.learningRate, momentum: rate.momentum)
        let end = clock.now
        let seconds = (end - start).seconds
        state.updateSeconds += seconds
        channel.record(
            RunChannel.Update(
                learningRate: rate.learningRate,
                momentum: rate.momentum ?? specification.optimizer.momentum,
                loss: result.loss,
                gradientNorm: result.gradientNorm,
                updateToWeightRatio: result.updateToWeightRatio,
                rows: result.rows,
                seconds: seconds,
                elapsed: state.seconds + (end - began).seconds
            )
        )
        state.epoch.add(result)
        noteRecoveries(channel)
    }

    /// Reports the batches that were passed over, and the returns to earlier weights, where there are
    /// more than before.
    private mutating func noteRecoveries(_ channel: RunChannel) {
        if session.skippedBatches > state.summary.skippedSteps {
            state.summary.skippedSteps = session.skippedBatches
            channel.record(at: session.step, [("skipped_steps", Double(session.skippedBatches))])
        }
        if session.rollbacks > state.summary.rollbacks {
            state.summary.rollbacks = session.rollbacks
            channel.record(at: session.step, [("rollbacks", Double(session.rollbacks))])
        }
    }

    /// What a loop must remember that goes on from here.
    private var remembered: LoopState {
        var state = state
        state.seconds += (clock.now - began).seconds
        return state
    }

    private mutating func takeCheckpoint(
        _ channel: RunChannel,
        isLast: Bool = false
    ) throws(TrainingError) {
        let loop = remembered
        try checkpoints.take(session, loop, channel, isLast: isLast)
    }

    /// Saves the state at the end of the run, unless it is saved already or was not changed.
    private mutating func takeLastCheckpoint(_ channel: RunChannel) throws(TrainingError) {
        guard session.step > checkpoints.takenAt, channel.stopReason != .leaseLost else { return }
        try takeCheckpoint(channel, isLast: true)
    }

    private mutating func endEpoch(at step: Int, _ channel: RunChannel) {
        let mean = state.epoch.mean
        state.summary.trainLoss = mean
        channel.record(at: step, [("epoch_train_loss", mean)])
        state.epoch = LoopState.EpochMean()
    }

    /// Validates, where there are rows to validate on, and keeps the weights where they are the best.
    ///
    /// - Returns: How the model does; `nil` without validation rows.
    private mutating func validate(
        at step: Int,
        lastRate: Double,
        _ channel: RunChannel
    ) throws(TrainingError) -> Evaluation? {
        let evaluation = try session.evaluateValidation()
        if let evaluation {
            channel.record(at: step, Self.series("validation", evaluation))
        }
        // An update checks the loss before it, so only this tells of a last update that went too far.
        guard evaluation?.loss.isFinite ?? true else {
            guard specification.onNonFinite == .rollback else {
                throw .diverged(step: step - 1, rate: lastRate, loss: evaluation?.loss ?? .nan)
            }
            try session.rollBack()
            noteRecoveries(channel)
            return evaluation
        }
        try session.prepareRollback()
        noteRecoveries(channel)
        guard let evaluation else { return nil }
        state.summary.validationLoss = evaluation.loss
        state.summary.validationAccuracy = evaluation.accuracy
        let mode = specification.evaluate.mode
        if let value = value(of: specification.evaluate.monitor, evaluation),
            state.best.map({ mode.isBetter(value, than: $0.value) }) ?? true
        {
            state.best = LoopState.Best(value: value, step: step, evaluation: evaluation)
            session.keepBest()
        }
        return evaluation
    }

    /// A monitored metric as it stands; `nil` where it has no value yet.
    private func value(of monitor: Monitor, _ evaluation: Evaluation?) -> Double? {
        switch monitor {
        case .trainLoss: state.summary.trainLoss
        case .validationLoss: evaluation?.loss
        case .validationAccuracy: evaluation?.accuracy
        }
    }

    /// Ends the run where too many validations brought no improvement.
    private mutating func stopEarly(
        _ evaluation: Evaluation?,
        at step: Int,
        _ channel: RunChannel
    ) {
        guard let rule = specification.earlyStopping, step > uncountedSteps else { return }
        let value = value(of: rule.monitor, evaluation)
        guard state.patience.report(value, at: step, rule: rule) else { return }
        if !state.epoch.isEmpty { endEpoch(at: step, channel) }
        let restored = rule.restoreBest ? state.best : nil
        if let restored {
            session.restoreBest()
            state.summary.validationLoss = restored.evaluation.loss
            state.summary.validationAccuracy = restored.evaluation.accuracy
        }
        state.summary.earlyStop = TrainingSummary.EarlyStop(
            step: step,
            reason: state.patience.reason(rule),
            restoredBest: restored != nil
        )
    }

    /// Notes the best validation, and reads the test split, which chose nothing, at its weights and at
    /// the final ones.
    private mutating func finish(_ channel: RunChannel) throws(TrainingError) {
        let isTested = specification.evaluate.test == .end
        let atBest = isTested ? try session.evaluateTestAtBest() : nil
        if let best = state.best {
            state.summary.best = TrainingSummary.Best(
                step: best.step,
                validationLoss: best.evaluation.loss,
                validationAccuracy: best.evaluation.accuracy,
                testLoss: atBest?.loss,
                testAccuracy: atBest?.accuracy
            )
        }
        guard isTested, let evaluation = try session.evaluateTest() else { return }
        state.summary.testLoss = evaluation.loss
        state.summary.testAccuracy = evaluation.accuracy
        channel.record(at: session.step, Self.series("test", evaluation))
    }

    /// The points of an evaluation; none of accuracy where values are predicted.
    private static func series(
        _ part: String,
        _ evaluation: Evaluation
    ) -> [(String, Double)] {
        [("\(part)_loss", evaluation.loss)]
            + (evaluation.accuracy.map { [("\(part)_accuracy", $0)] } ?? [])
    }
}
