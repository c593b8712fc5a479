internal import Training
internal import TrainingAPI

/// The steps of one run: an update at each granted rate, a validation at each interval, the test at the
/// end.
struct TrainingLoop {
    private let job: LeasedJob
    private let specification: JobSpecification
    private let session: TrainingSession
    private let clock = ContinuousClock()
    private var summary = TrainingSummary()
    private var best: (value: Double, step: Int, evaluation: Evaluation)?
    private var epoch = EpochMean()
    private var updateSeconds = 0.0

    /// Makes the loop of `session` for a job.
    init(_ job: LeasedJob, specification: JobSpecification, session: TrainingSession) {
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
        let began = clock.now
        let interval = job.evaluationInterval
        while session.step < job.totalSteps {
            guard let rate = channel.rate(at: session.step) else { return .released }
            let start = clock.now
            let result = try session.update(rate: rate.learningRate, momentum: rate.momentum)
            let seconds = (clock.now - start).seconds
            updateSeconds += seconds
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
            epoch.add(result)
            let done = session.step
            let isLast = done == job.totalSteps
            if done.isMultiple(of: job.stepsPerEpoch) || isLast { endEpoch(at: done, channel) }
            if done.isMultiple(of: interval) || isLast { try validate(at: done, channel) }
        }
        try test(channel)
        summary.seconds = (clock.now - began).seconds
        summary.stepsPerSecond = Double(job.totalSteps - job.resumeStep) / max(updateSeconds, 1e-9)
        return .succeeded(summary)
    }

    private mutating func endEpoch(at step: Int, _ channel: RunChannel) {
        summary.trainLoss = epoch.mean
        channel.record(at: step, [("epoch_train_loss", epoch.mean)])
        epoch = EpochMean()
    }

    private mutating func validate(at step: Int, _ channel: RunChannel) throws(TrainingError) {
        guard let evaluation = try session.evaluateValidation() else { return }
        summary.validationLoss = evaluation.loss
        summary.validationAccuracy = evaluation.accuracy
        channel.record(
            at: step,
            [("validation_loss", evaluation.loss), ("validation_accuracy", evaluation.accuracy)]
        )
        let value = monitored(evaluation)
        let isBetter =
            best.map {
                specification.evaluate.mode == .minimize ? value < $0.value : value > $0.value
            }
            ?? !value.isNaN
        guard isBetter else { return }
        best = (value, step, evaluation)
        session.keepBest()
    }

    private func monitored(_ evaluation: Evaluation) -> Double {
        switch specification.evaluate.monitor {
        case .trainLoss: summary.trainLoss ?? .infinity
        case .validationLoss: evaluation.loss
        case .validationAccuracy: evaluation.accuracy
        }
    }

    private mutating func test(_ channel: RunChannel) throws(TrainingError) {
        let atBest = try session.evaluateTestAtBest()
        if let best {
            summary.best = TrainingSummary.Best(
                step: best.step,
                validationLoss: best.evaluation.loss,
                validationAccuracy: best.evaluation.accuracy,
                testLoss: atBest?.loss,
                testAccuracy: atBest?.accuracy
            )
        }
        guard let evaluation = try session.evaluateTest() else { return }
        summary.testLoss = evaluation.loss
        summary.testAccuracy = evaluation.accuracy
        channel.record(
            at: session.step,
            [("test_loss", evaluation.loss), ("test_accuracy", evaluation.accuracy)]
        )
    }
}

/// The mean loss over the samples of an epoch.
private struct EpochMean {
    private var sum = 0.0
    private var rows = 0

    mutating func add(_ result: UpdateResult) {
        sum += result.loss * Double(result.rows)
        rows += result.rows
    }

    var mean: Double { sum / Double(max(1, rows)) }
}
