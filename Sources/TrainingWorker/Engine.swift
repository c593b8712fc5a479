internal import DatasetPlans
internal import Datasets
internal import Foundation
internal import Schedules
internal import Training
internal import TrainingAPI

/// Runs the training that a leased job describes, on the calling thread.
enum Engine {
    /// Binds the calling thread, and with it the library, to one processor.
    ///
    /// - Parameter processor: The processor's number among those that the process may use.
    /// - Throws: `TrainingError` where the system refuses; training then goes on anywhere.
    static func bindThread(to processor: Int) throws(TrainingError) {
        try EngineThread.pin(toProcessor: processor)
    }

    /// Trains from the step of the first grant to the end, at the rates that come through `channel`.
    ///
    /// - Parameters:
    ///   - job: What to train.
    ///   - channel: Where rates come from and metrics go to.
    ///   - cacheFolder: The folder for decoded datasets.
    ///   - checkpoint: The path of the checkpoint of the first grant's step; `nil` for a fresh start.
    /// - Returns: How the training ended, `released` where the channel stopped it, and what it leaves.
    static func train(
        _ job: LeasedJob,
        rates channel: RunChannel,
        cacheFolder: String,
        checkpoint: String?
    ) -> RunResult {
        var context = DecodingContext(refusesUnknown: false)
        guard let specification = JobSpecification(job.specification.document, &context) else {
            let detail = context.faults.map { "\($0.pointer): \($0.detail)" }
                .joined(separator: "; ")
            return RunResult(.failed(code: "invalid", detail: detail, isPermanent: true))
        }
        do {
            let dataset = try DatasetCatalogue(cache: cacheFolder).dataset(
                named: specification.dataset.name,
                synthetic: specification.dataset.synthetic.map { SyntheticDataset($0) },
                hash: job.datasetHash.flatMap { ContentHash($0) }
            )
            try dataset.expect(job.datasetHash)
            let session = try TrainingSession(
                TrainingPlan(specification, of: job),
                dataset: dataset
            )
            channel.log(
                "\(specification.dataset.name): \(session.rowCounts.training) rows to train on,"
                    + " \(session.rowCounts.validation) to validate on"
            )
            let state = try checkpoint.map { try resume(session, job, from: $0) } ?? LoopState()
            channel.resume(after: state.seconds)
            var loop = TrainingLoop(
                job,
                specification: specification,
                session: session,
                resuming: state
            )
            let outcome = try loop.run(channel)
            guard case .succeeded = outcome else { return RunResult(outcome) }
            return RunResult(outcome, leaving: session)
        } catch let error as DatasetError {
            return RunResult(error.outcome)
        } catch let error as TrainingError {
            return RunResult(error.outcome)
        } catch {
            return RunResult(.failed(code: "invalid", detail: "\(error)", isPermanent: true))
        }
    }

    /// Puts a session where a checkpoint was taken, and returns what the loop remembered there.
    private static func resume(
        _ session: TrainingSession,
        _ job: LeasedJob,
        from path: String
    ) throws(TrainingError) -> LoopState {
        let file = try CheckpointFile(path: path)
        guard file.state.step == job.resumeStep else {
            throw .unfit(detail: "is of step \(file.state.step), not of step \(job.resumeStep)")
        }
        guard let state: LoopState = StateText.value(file.loop) else {
            throw .unfit(detail: "has notes of its loop that this version cannot read")
        }
        try session.restore(file.state)
        return state
    }
}

extension Dataset {
    /// Throws `changed` where the job was accepted on another content.
    fileprivate func expect(_ hash: String?) throws(DatasetError) {
        guard let hash = hash.flatMap({ ContentHash($0) }), hash != description.contentHash else {
            return
        }
        throw .changed(
            path: description.name,
            expected: hash,
            found: description.contentHash
        )
    }
}

extension TrainingPlan {
    /// The part of a job that decides its bits.
    fileprivate init(_ specification: JobSpecification, of job: LeasedJob) {
        self.init(
            dataset: specification.dataset,
            model: specification.model,
            optimizer: specification.optimizer,
            batchSize: specification.batchSize,
            shuffle: specification.shuffle,
            dropLast: specification.dropLast,
            evaluationBatchSize: specification.evaluationBatchSize,
            seeds: specification.seeds
        )
        if specification.optimizer.weightDecayCoupling == .schedule,
            // A job that was accepted has a run of at least one step.
            let run = try? Run(totalSteps: job.totalSteps, stepsPerEpoch: job.stepsPerEpoch),
            let peak = specification.schedule.peak(over: run)
        {
            peakLearningRate = peak
        }
        gradientAccumulation = specification.gradientAccumulation
        onNonFinite = specification.onNonFinite
    }
}

extension DatasetError {
    /// The end of a run whose data cannot be had.
    fileprivate var outcome: WorkerCompletion.Outcome {
        switch self {
        case .unknown, .missing:
            .failed(code: "dataset_missing", detail: description, isPermanent: true)
        case .malformed, .changed:
            .failed(code: "dataset_changed", detail: description, isPermanent: true)
        case .refused: .failed(code: "dataset_missing", detail: description, isPermanent: false)
        case .invalid: .failed(code: "invalid", detail: description, isPermanent: true)
        case .outOfMemory: .failed(code: "out_of_memory", detail: description, isPermanent: false)
        }
    }
}

extension TrainingError {
    /// The end of a run that cannot go on.
    fileprivate var outcome: WorkerCompletion.Outcome {
        switch self {
        case .dataset(let error): error.outcome
        case .invalid, .unfit: .failed(code: "invalid", detail: description, isPermanent: true)
        case .diverged, .overflowed, .notSkippable, .notRecoverable:
            .failed(code: "diverged", detail: description, isPermanent: true)
        case .outOfMemory: .failed(code: "out_of_memory", detail: description, isPermanent: false)
        case .library, .noLibrary, .system:
            .failed(code: "worker_crashed", detail: description, isPermanent: false)
        }
    }
}
