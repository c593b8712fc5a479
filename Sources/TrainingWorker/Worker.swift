internal import Datasets
package import Logging
internal import Training
internal import TrainingAPI
package import TrainingClient

/// Takes jobs from a server and runs them, one after the other.
///
/// A job's end is told to the server before the next one comes, with one exception: while brief jobs follow
/// each other, which are over before the server has answered, a few more are had ahead (`WorkerLane`).
///
/// A worker owns nothing: a job that it does not finish is given to another. It ends when it is told to
/// (``stop()``), after it has given its jobs back.
package actor Worker {
    let configuration: WorkerConfiguration
    let client: LehrClient
    let logger: Logger
    /// The thread that computes; `nil` for a worker that trains nothing itself.
    private let thread: TrainingThread?
    private var isStopping: Bool { stopped != nil }
    /// When the worker was told to stop.
    private(set) var stopped: ContinuousClock.Instant?
    private let main = WorkerLane(isAhead: false)
    private let ahead = (0..<WorkerConfiguration.briefJobsAhead).map { _ in
        WorkerLane(isAhead: true)
    }

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
        var followsBrief = false
        while !isStopping {
            do {
                if main.job == nil { main.job = try await lease(on: main) }
                pause.reset()
                // One that came as the worker was told to stop is given back below.
                guard let job = main.job, !isStopping else { continue }
                if !job.isBrief {
                    await waitForAhead(holding: job)
                } else if followsBrief {
                    beginOnLaneAhead()
                }
                followsBrief = job.isBrief
                guard !isStopping else { break }
                await run(job, on: main)
            } catch {
                guard !isStopping else { break }
                logger.warning("no job could be asked for: \(error)")
                await pause.wait()
            }
        }
        for lane in ahead { await lane.work?.value }
        for lane in [main] + ahead {
            if let job = lane.job { await release(job) }
            await releaseUnanswered(on: lane)
        }
        thread?.end()
    }

    /// Gives the running jobs back, asks for no other, and lets ``work()`` return.
    package func stop() {
        if stopped == nil { stopped = .now }
        main.stop()
        for lane in ahead { lane.stop() }
    }

    /// Begins on a lane ahead where one is free.
    private func beginOnLaneAhead() {
        guard let lane = ahead.first(where: { $0.work == nil }) else { return }
        lane.work = Task { await runBriefJobs(on: lane) }
    }

    /// Runs jobs on a lane ahead for as long as there are brief ones.
    private func runBriefJobs(on lane: WorkerLane) async {
        defer { lane.work = nil }
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(1))
        while !isStopping, mayRunAhead {
            do {
                if lane.job == nil { lane.job = try await lease(on: lane) }
                guard let job = lane.job, !isStopping, mayRunAhead else { break }
                // Where one came there may be more.
                beginOnLaneAhead()
                await run(job, on: lane)
            } catch {
                guard !isStopping else { break }
                logger.info("no job could be asked for ahead: \(error)")
                await pause.wait()
            }
        }
        // A job that came too late would wait for the main lane's.
        if let job = lane.job { await release(job) }
        lane.job = nil
        await releaseUnanswered(on: lane)
    }

    /// Waits until nothing trains on the lanes ahead, before a job that takes its time does.
    ///
    /// So none of it comes to the thread behind that one; what takes longer than its like is given back.
    private func waitForAhead(holding job: LeasedJob) async {
        guard ahead.contains(where: { $0.run != nil }) else { return }
        let beats = Heartbeats(of: job, client) { _, _ in }
        beats.begin(isAtOnce: false)
        let end = Task {
            try await Task.sleep(for: .seconds(1))
            for lane in ahead { lane.run?.stop() }
        }
        for lane in ahead where lane.run != nil {
            await withCheckedContinuation { lane.idle = $0 }
        }
        end.cancel()
        await beats.end()
    }

    /// Whether a job would wait for the main lane's no longer than a brief one takes.
    private var mayRunAhead: Bool { main.job?.isBrief ?? true }

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

    // MARK: - Leases

    private func lease(on lane: WorkerLane) async throws -> LeasedJob? {
        let request =
            lane.unanswered
            ?? leaseRequest(on: lane, wait: lane.isAhead ? .zero : configuration.leaseWait)
        lane.unanswered = request
        let client = client
        let task = Task<LeasedJob?, any Error> { try await client.lease(request) }
        lane.wait = task
        defer { lane.wait = nil }
        do {
            let job = try await task.value
            lane.unanswered = nil
            return job
        } catch let error as ClientError where !error.isWorthRepeating && error.code != .cancelled {
            lane.unanswered = nil
            throw error
        }
    }

    private func leaseRequest(on lane: WorkerLane, wait: Duration) -> LeaseRequest {
        var request = LeaseRequest(
            worker: configuration.name,
            requestID: Token.random(),
            kinds: configuration.kinds,
            instance: configuration.instance,
            waitSeconds: wait.seconds
        )
        request.isAhead = lane.isAhead
        request.isBusy = lane.isAhead || ahead.contains { $0.work != nil }
        request.host = configuration.host
        request.gpus = configuration.gpus.devices.map(\.body)
        // A worker that trains nothing does not wake the engine.
        if thread != nil { request.environment = EngineEnvironment.description }
        return request
    }

    // MARK: - Runs

    /// Runs a job to its end, reports how it ended, and takes the next one in the same round trip.
    private func run(_ job: LeasedJob, on lane: WorkerLane) async {
        guard
            var completion = job.kind == "command"
                ? await execute(job, on: lane) : await train(job, on: lane)
        else {
            lane.job = nil
            return
        }
        if !isStopping, !lane.isAhead || mayRunAhead {
            completion.next = leaseRequest(on: lane, wait: .zero)
        }
        do {
            lane.job = try await deliver(completion, of: job)
        } catch {
            logger.warning("the end of job \(job.jobID) was not taken: \(error)")
            lane.job = nil
            // The end may have been taken all the same, with a job for this request.
            lane.unanswered = completion.next
        }
    }

    /// Runs a command.
    ///
    /// - Returns: How it ended; `nil` where the lease was lost.
    private func execute(_ job: LeasedJob, on lane: WorkerLane) async -> WorkerCompletion? {
        logger.info("job \(job.jobID): a command, fence \(job.fence)")
        let run = CommandRun(job, configuration: configuration, client: client, logger: logger)
        lane.command = run
        defer { lane.command = nil }
        guard let result = await run.run() else {
            logger.notice("job \(job.jobID) belongs to another lease now; its command was ended")
            return nil
        }
        var completion = WorkerCompletion(fence: job.fence, outcome: result.outcome.sendable)
        completion.logLines = result.lines
        return completion
    }

    /// Trains a job.
    ///
    /// - Returns: How it ended; `nil` where the lease was lost.
    private func train(_ job: LeasedJob, on lane: WorkerLane) async -> WorkerCompletion? {
        logger.info("job \(job.jobID) from step \(job.resumeStep), fence \(job.fence)")
        let run = WorkerRun(job, configuration: configuration, client: client, logger: logger)
        lane.run = run
        defer { lane.run = nil }
        guard let thread, let completion = await run.train(on: thread) else {
            logger.notice("job \(job.jobID) belongs to another lease now; its state was dropped")
            return nil
        }
        return completion
    }
}
