internal import Datasets
internal import Foundation
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
    /// - Returns: How the training ended; `released` where the channel stopped it.
    static func train(
        _ job: LeasedJob,
        rates channel: RunChannel,
        cacheFolder: String
    ) -> WorkerCompletion.Outcome {
        var context = DecodingContext(refusesUnknown: false)
        guard let specification = JobSpecification(job.specification, &context) else {
            let detail = context.faults.map { "\($0.pointer): \($0.detail)" }
                .joined(separator: "; ")
            return .failed(code: "invalid", detail: detail, isPermanent: true)
        }
        do {
            let dataset = try DatasetCatalogue(cache: cacheFolder).dataset(
                named: specification.dataset.name,
                synthetic: specification.dataset.synthetic.map { SyntheticDataset($0) },
                hash: job.datasetHash.flatMap { ContentHash($0) }
            )
            try dataset.expect(job.datasetHash)
            let session = try TrainingSession(TrainingPlan(specification), dataset: dataset)
            var loop = TrainingLoop(job, specification: specification, session: session)
            return try loop.run(channel)
        } catch let error as DatasetError {
            return error.outcome
        } catch let error as TrainingError {
            return error.outcome
        } catch {
            return .failed(code: "invalid", detail: "\(error)", isPermanent: true)
        }
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
    fileprivate init(_ specification: JobSpecification) {
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
        case .invalid: .failed(code: "invalid", detail: description, isPermanent: true)
        case .diverged: .failed(code: "diverged", detail: description, isPermanent: true)
        case .outOfMemory: .failed(code: "out_of_memory", detail: description, isPermanent: false)
        case .library, .system:
            .failed(code: "worker_crashed", detail: description, isPermanent: false)
        }
    }
}
