internal import Datasets
package import Logging
internal import Training
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
    /// The thread that computes; `nil` for a worker that trains nothing itself.
    private let thread: TrainingThread?
    private var isStopping: Bool { stopped != nil }
    /// When the worker was told to stop.
    private var stopped: ContinuousClock.Instant?
    private var run: WorkerRun?
    private var command: CommandRun?
    private var wait: Task<LeasedJob?, any Error>?
    /// The request for a job that no answer has come to yet: it is repeated as it is, so that a lost
    /// answer loses no lease.
    private var unanswered: LeaseRequest?

    /// Loads what trainings compute with, which a worker for commands alone does without.
    ///
    /// - Throws: An error whose description says what this machine lacks.
    package static func prepareEngine() throws {
        try EngineThread.prepare()
    }

    /// Makes a worker that speaks to a server through `client`.
    package init(configuration: WorkerConfiguration, client: LehrClient, logger: Logger) {
        self.configuration = configuration
        self.client = client
        self.logger = logger
        let processor = configuration.processor
        guard configuration.kinds.contains("train") else {
            thread = nil
            return
        }
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
        await removeAbandoned()
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(5))
        var next: LeasedJob?
        while !isStopping {
            do {
                if next == nil { next = try await lease() }
                pause.reset()
                guard let job = next else { continue }
                next = job.kind == "command" ? await execute(job) : await train(job)
            } catch {
                guard !isStopping else { break }
                logger.warning("no job could be asked for: \(error)")
                await pause.wait()
            }
        }
        if let next { await release(next) }
        await releaseUnanswered()
        thread?.end()
    }

    /// Gives the running job back, asks for no other, and lets ``work()`` return.
    package func stop() {
        if stopped == nil { stopped = .now }
        run?.stop()
        command?.stop()
        wait?.cancel()
    }

    /// Removes what workers that were killed have left in the folder half written.
    private func removeAbandoned() async {
        let folder = configuration.cacheFolder
        let count =
            await thread?.run {
                DatasetCatalogue(cache: folder).removeAbandoned()
                    + CheckpointFetch.removeAbandoned(in: folder)
            } ?? 0
        if count > 0 {
            logger.info("removed from \(folder) what was left half written: \(count)")
        }
    }

    private func lease() async throws -> LeasedJob? {
        let request = unanswered ?? leaseRequest(wait: configuration.leaseWait)
        unanswered = request
        let client = client
        let task = Task<LeasedJob?, any Error> { try await client.lease(request) }
        wait = task
        defer { wait = nil }
        do {
            let job = try await task.value
            unanswered = nil
            return job
        } catch let error as ClientError where !error.isWorthRepeating && error.code != .cancelled {
            unanswered = nil
            throw error
        }
    }

    /// Gives back what a request may have been granted whose answer was not waited for.
    private func releaseUnanswered() async {
        guard var request = unanswered else { return }
        request.waitSeconds = 0
        do {
            if let job = try await client.lease(request) { await release(job) }
        } catch {
            // The lease, if there is one, ends by itself.
            logger.info("whether a job was leased at last is not known: \(error)")
        }
    }

    private func release(_ job: LeasedJob) async {
        _ = await deliver(WorkerCompletion(fence: job.fence, outcome: .released), of: job)
    }

    private func leaseRequest(wait: Duration) -> LeaseRequest {
        var request = LeaseRequest(
            worker: configuration.name,
            requestID: Token.random(),
            kinds: configuration.kinds,
            instance: configuration.instance,
            waitSeconds: wait.seconds
        )
        request.host = configuration.host
        request.gpus = configuration.gpus.devices.map(\.body)
        // A worker that trains nothing does not wake the engine.
        if thread != nil { request.environment = EngineEnvironment.description }
        return request
    }

    /// Runs a command to its end, reports how it ended, and takes the next job in the same round trip.
    private func execute(_ job: LeasedJob) async -> LeasedJob? {
        logger.info("job \(job.jobID): a command, fence \(job.fence)")
        let run = CommandRun(job, configuration: configuration, client: client, logger: logger)
        command = run
        defer { command = nil }
        guard let result = await run.run() else {
            logger.notice("job \(job.jobID) belongs to another lease now; its command was ended")
            return nil
        }
        var completion = WorkerCompletion(
            fence: job.fence,
            outcome: result.outcome.sendable,
            next: isStopping ? nil : leaseRequest(wait: .zero)
        )
        completion.logLines = result.lines
        return await deliver(completion, of: job)
    }

    /// Trains a job to its end, reports how it ended, and takes the next one in the same round trip.
    private func train(_ job: LeasedJob) async -> LeasedJob? {
        logger.info("job \(job.jobID) from step \(job.resumeStep), fence \(job.fence)")
        let run = WorkerRun(job, configuration: configuration, client: client, logger: logger)
        self.run = run
        defer { self.run = nil }
        guard let thread, var completion = await run.train(on: thread) else {
            logger.notice("job \(job.jobID) belongs to another lease now; its state was dropped")
            return nil
        }
        completion.next = isStopping ? nil : leaseRequest(wait: .zero)
        return await deliver(completion, of: job)
    }

    /// Sends the end of a run until the server has it; heartbeats hold the lease from the first repeat on.
    ///
    /// They end nothing: only the answer to the end itself says what has become of it.
    private func deliver(_ completion: WorkerCompletion, of job: LeasedJob) async -> LeasedJob? {
        let beats = Heartbeats(of: job, client) { _, _ in }
        let next = await deliver(completion, of: job, beats)
        await beats.end()
        return next
    }

    private func deliver(
        _ completion: WorkerCompletion,
        of job: LeasedJob,
        _ beats: Heartbeats
    ) async -> LeasedJob? {
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(2))
        let began = ContinuousClock.now
        while true {
            do {
                return try await client.complete(completion, lease: job.leaseID)
            } catch {
                guard error.isWorthRepeating,
                    configuration.isPatient(since: began, stopped: stopped)
                else {
                    logger.warning("the end of job \(job.jobID) was not taken: \(error)")
                    // The end may have been taken all the same, with a job for this request.
                    unanswered = completion.next
                    return nil
                }
                beats.begin(isAtOnce: true)
                await pause.wait()
            }
        }
    }
}
