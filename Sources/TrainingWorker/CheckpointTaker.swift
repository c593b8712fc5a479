internal import Schedules
internal import Training
internal import TrainingAPI

/// Decides when a run's state is saved, and copies it out then.
///
/// Only the copy stops the training; what is copied is sent beside it.
struct CheckpointTaker {
    /// What lies between two checkpoints.
    private enum Interval {
        case time(Duration)
        case steps(Int)
    }

    private let interval: Interval
    private let environment: String
    /// The step of the newest copy, or that from which the run started.
    private(set) var takenAt: Int
    private var takenWhen: ContinuousClock.Instant

    /// Makes the taker of a run that starts now.
    ///
    /// - Parameters:
    ///   - job: The job, whose run gives lengths their steps.
    ///   - rule: When states are saved.
    init(_ job: LeasedJob, rule: CheckpointSpecification) {
        switch rule.every {
        case .seconds(let seconds): interval = .time(.seconds(seconds))
        case .length(let length):
            // The service has planned the job with the same run.
            let run = try? Run(totalSteps: job.totalSteps, stepsPerEpoch: job.stepsPerEpoch)
            interval = .steps(run.map { length.steps(in: $0) } ?? job.stepsPerEpoch)
        }
        environment = EngineEnvironment.description
        takenAt = job.resumeStep
        takenWhen = .now
    }

    /// Whether it is time for the next checkpoint after `step` finished updates.
    func isDue(at step: Int, now: ContinuousClock.Instant = .now) -> Bool {
        switch interval {
        case .time(let duration): step > takenAt && now - takenWhen >= duration
        case .steps(let count): step / count > takenAt / count
        }
    }

    /// Copies the state out.
    ///
    /// - Parameters:
    ///   - session: The training.
    ///   - loop: What its loop remembers.
    ///   - channel: What takes the copy.
    ///   - isLast: Whether the run ends with it.
    /// - Throws: `TrainingError` where there is no memory for the copy.
    mutating func take(
        _ session: TrainingSession,
        _ loop: LoopState,
        _ channel: RunChannel,
        isLast: Bool
    ) throws(TrainingError) {
        let file = CheckpointFile(
            try session.captureState(),
            loop: StateText.text(of: loop),
            environment: environment
        )
        channel.save(
            RunChannel.Checkpoint(file: file, bestStep: loop.best?.step),
            isLast: isLast
        )
        takenAt = session.step
        takenWhen = .now
    }
}
