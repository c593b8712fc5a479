package import Logging
internal import TrainingAPI
package import TrainingClient

/// Takes jobs from a server, one after the other, and trains them.
///
/// A worker owns nothing: a job that it does not finish is given to another. It ends when it is told to
/// (``stop()``), after it has given its job back.
package actor Worker {
    private let configuration: WorkerConfiguration
    private let client: LehrClient
    private let logger: Logger
    private let thread: TrainingThread
    private var isStopping = false
    private var run: WorkerRun?
    private var wait: Task<LeasedJob?, any Error>?

    /// Makes a worker that speaks to a server through `client`.
    package init(configuration: WorkerConfiguration, client: LehrClient, logger: Logger) {
        self.configuration = configuration
        self.client = client
        self.logger = logger
        let processor = configuration.processor
        thread = TrainingThread {
            guard let processor else { return }
            do {
                try Engine.bindThread(to: processor)
            } catch {
                logger.warning("training is not bound to processor \(processor): \(error)")
            }
        }
    }

    /// Runs jobs until ``stop()``.
    package func work() async {
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(5))
        var next: LeasedJob?
        while !isStopping {
            do {
                if next == nil { next = try await lease() }
                pause.reset()
                guard let job = next else { continue }
                next = await train(job)
            } catch {
                guard !isStopping else { break }
                logger.warning("no job could be asked for: \(error)")
                await pause.wait()
            }
        }
        thread.end()
    }

    /// Gives the running job back, asks for no other, and lets ``work()`` return.
    package func stop() {
        isStopping = true
        run?.stop()
        wait?.cancel()
    }

    private func lease() async throws -> LeasedJob? {
        let request = leaseRequest(wait: configuration.leaseWait)
        let client = client
        let task = Task<LeasedJob?, any Error> { try await client.lease(request) }
        wait = task
        defer { wait = nil }
        return try await task.value
    }

    private func leaseRequest(wait: Duration) -> LeaseRequest {
        var request = LeaseRequest(
            worker: configuration.name,
            requestID: Token.random(),
            kinds: ["train"],
            instance: configuration.instance,
            waitSeconds: wait.seconds
        )
        request.host = configuration.host
        return request
    }

    /// Trains a job to its end, reports how it ended, and takes the next one in the same round trip.
    private func train(_ job: LeasedJob) async -> LeasedJob? {
        logger.info("job \(job.jobID) from step \(job.resumeStep), fence \(job.fence)")
        let run = WorkerRun(job, configuration: configuration, client: client, logger: logger)
        self.run = run
        defer { self.run = nil }
        guard let outcome = await run.train(on: thread) else {
            logger.notice("job \(job.jobID) belongs to another lease now; its state was dropped")
            return nil
        }
        let completion = WorkerCompletion(
            fence: job.fence,
            outcome: outcome,
            next: isStopping ? nil : leaseRequest(wait: .zero)
        )
        return await deliver(completion, of: job)
    }

    private func deliver(_ completion: WorkerCompletion, of job: LeasedJob) async -> LeasedJob? {
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(5))
        let deadline = ContinuousClock.now + configuration.patience
        while ContinuousClock.now < deadline {
            do {
                return try await client.complete(completion, lease: job.leaseID)
            } catch {
                guard error.isWorthRepeating else {
                    logger.warning("the end of job \(job.jobID) was refused: \(error)")
                    return nil
                }
                await pause.wait()
            }
        }
        logger.error("the end of job \(job.jobID) could not be delivered")
        return nil
    }
}
