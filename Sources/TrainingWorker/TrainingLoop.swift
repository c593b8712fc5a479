internal import Training
internal import TrainingAPI

/// The steps of one run: an update at each granted rate, a validation at each interval, the test at the
/// end.
struct TrainingLoop {
    private let job: LeasedJob
    private let specification: JobSpecification
    private let session: TrainingSession
    private let clock = ContinuousClock()
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
    }

    /// Trains to the last step.
    ///
    /// - Parameter channel: Where rates come from and metrics go to.
    /// - Returns: `succeeded`, or `released` where the channel stopped the run.
    /// - Throws: `TrainingError` where the training cannot go on.
    mutating func run(_ channel: RunChannel) throws(TrainingError) -> WorkerCompletion.Outcome {
        let interval = job.evaluationInterval
        while session.step < job.totalSteps {
            guard let rate = channel.rate(at: session.step) else {
                try takeLastCheckpoint(channel)
                return .released
            }
            let start = clock.now
            let result = try session.update(rate: rate.learningRate, momentum: rate.momentum)
            let seconds = (clock.now - start).seconds
            state.updateSeconds += seconds
            channel.record(
                RunChannel.Update(
                    learningRate: rate.learningRate,
                    momentum: rate.momentum ?? specification.optimizer.momentum,
                    loss: result.loss,
                    gradientNorm: result.gradientNorm,
                    rows: result.rows,
                    seconds: seconds
                )
            )
            state.epoch.add(result)
            let done = session.step
            let isLast = done == job.totalSteps
            if done.isMultiple(of: job.stepsPerEpoch) || isLast { endEpoch(at: done, channel) }
            if done.isMultiple(of: interval) || isLast {
                try validate(at: done, lastRate: rate.learningRate, channel)
            }
            if !isLast, checkpoints.isDue(at: done), !channel.isSaving {
                try takeCheckpoint(channel)
            }
        }
        try takeLastCheckpoint(channel)
        try test(channel)
        state.summary.seconds = remembered.seconds
        state.summary.stepsPerSecond = Double(job.totalSteps) / max(state.updateSeconds, 1e-9)
        return .succeeded(state.summary)
    }

    /// What a loop must remember that goes on from here.
    private var remembered: LoopState {
        var state = state
        state.seconds += (clock.now - began).seconds
        return state
    }

    private mutating func takeCheckpoint(_ channel: RunChannel) throws(TrainingError) {
        let loop = remembered
        try checkpoints.take(session, loop, channel)
    }

    /// Saves the state at the end of the run, unless it is saved already or was not changed.
    private mutating func takeLastCheckpoint(_ channel: RunChannel) throws(TrainingError) {
        guard session.step > checkpoints.takenAt, channel.stopReason != .leaseLost else { return }
        try takeCheckpoint(channel)
    }

    private mutating func endEpoch(at step: Int, _ channel: RunChannel) {
        let mean = state.epoch.mean
        state.summary.trainLoss = mean
        channel.record(at: step, [("epoch_train_loss", mean)])
        state.epoch = LoopState.EpochMean()
    }

    private mutating func validate(
        at step: Int,
        lastRate: Double,
        _ channel: RunChannel
    ) throws(TrainingError) {
        guard let evaluation = try session.evaluateValidation() else { return }
        // An update checks the loss before it, so only this tells of a last update that went too far.
        guard evaluation.loss.isFinite else {
            throw .diverged(step: step - 1, rate: lastRate, loss: evaluation.loss)
        }
        state.summary.validationLoss = evaluation.loss
        state.summary.validationAccuracy = evaluation.accuracy
        channel.record(
            at: step,
            [("validation_loss", evaluation.loss), ("validation_accuracy", evaluation.accuracy)]
        )
        let value = monitored(evaluation)
        let isBetter =
            state.best.map {
                specification.evaluate.mode == .minimize ? value < $0.value : value > $0.value
            }
            ?? true
        guard isBetter else { return }
        state.best = LoopState.Best(value: value, step: step, evaluation: evaluation)
        session.keepBest()
    }

    private func monitored(_ evaluation: Evaluation) -> Double {
        switch specification.evaluate.monitor {
        case .trainLoss: state.summary.trainLoss ?? .infinity
        case .validationLoss: evaluation.loss
        case .validationAccuracy: evaluation.accuracy
        }
    }

    private mutating func test(_ channel: RunChannel) throws(TrainingError) {
        let atBest = try session.evaluateTestAtBest()
        if let best = state.best {
            state.summary.best = TrainingSummary.Best(
                step: best.step,
                validationLoss: best.evaluation.loss,
                validationAccuracy: best.evaluation.accuracy,
                testLoss: atBest?.loss,
                testAccuracy: atBest?.accuracy
            )
        }
        guard let evaluation = try session.evaluateTest() else { return }
        state.summary.testLoss = evaluation.loss
        state.summary.testAccuracy = evaluation.accuracy
        channel.record(
            at: session.step,
            [("test_loss", evaluation.loss), ("test_accuracy", evaluation.accuracy)]
        )
    }
}
