internal import Logging
internal import Synchronization
internal import Training
internal import TrainingAPI
internal import TrainingClient

/// One lease's run of a job: the training thread computes, this task reports.
final class WorkerRun: Sendable {
    let job: LeasedJob
    let configuration: WorkerConfiguration
    let client: LehrClient
    let logger: Logger
    let channel: RunChannel
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let began = ContinuousClock.now
    /// Whether the training has ended.
    private let isComputed = Atomic(false)
    private let stopped = Mutex<ContinuousClock.Instant?>(nil)
    /// When the run was told to stop, where it was.
    var stopInstant: ContinuousClock.Instant? { stopped.withLock { $0 } }

    /// Makes the run of a leased job.
    init(
        _ job: LeasedJob,
        configuration: WorkerConfiguration,
        client: LehrClient,
        logger: Logger
    ) {
        self.job = job
        self.configuration = configuration
        self.client = client
        self.logger = logger
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.wakes = wakes
        self.wake = wake
        channel = RunChannel(
            grant: job.grant,
            leaseEnd: .now + .seconds(job.termSeconds),
            reportSteps: configuration.reportSteps
        ) { wake.yield() }
    }

    /// Makes the run end before its next update; the lease is given back.
    func stop() {
        stopped.withLock { $0 = $0 ?? .now }
        channel.stop(.release)
        wake.yield()
    }

    /// Trains to the end on `thread`, reporting all the while.
    ///
    /// What is left to send at the end comes with the completion where it is small; else it has been sent.
    ///
    /// - Parameter thread: Where the training computes.
    /// - Returns: How the run ended; `nil` where the lease was lost and nothing may be said.
    func train(on thread: TrainingThread) async -> WorkerCompletion? {
        async let computed = compute(on: thread)
        var uploads = Uploads(self)
        guard let sequence = await report(&uploads) else { return nil }
        let result = await computed
        let (batch, checkpoint) = channel.drain()
        var completion = WorkerCompletion(fence: job.fence, outcome: result.outcome.sendable)
        let upload = uploads.last
        if fits(batch, checkpoint, result.artifacts) {
            completion.checkpoint = checkpoint.map { checkpoint in
                WorkerCompletion.SentCheckpoint(
                    step: checkpoint.file.state.step,
                    bestStep: checkpoint.bestStep,
                    content: checkpoint.file.bytes
                )
            }
            completion.artifacts = result.artifacts.map { name, bytes in
                WorkerCompletion.SentArtifact(name: name, content: bytes)
            }
            if !batch.isEmpty { completion.report = makeReport(sequence, of: batch) }
            if let upload { await keepingLease { await upload.value } }
        } else {
            if !batch.isEmpty || checkpoint != nil {
                let report = makeReport(sequence, of: batch)
                guard await send(report, then: checkpoint, &uploads) else { return nil }
            }
            let last = uploads.last
            await keepingLease {
                // The last copy of the state and what the job leaves wait for the disk together.
                async let saved: Void? = last?.value
                await send(result.artifacts)
                _ = await saved
            }
        }
        completion.logLines = channel.drainLog()
        return channel.stopReason == .leaseLost ? nil : completion
    }

    /// Whether what is left to send at the end of a run may come with its completion.
    private func fits(
        _ batch: MetricsBatch,
        _ checkpoint: RunChannel.Checkpoint?,
        _ artifacts: [(name: String, bytes: [UInt8])]
    ) -> Bool {
        let limit = min(job.contentLimit, WorkerCompletion.contentLimit)
        let size = artifacts.reduce(checkpoint?.file.byteCount ?? 0) { $0 + $1.bytes.count }
        return limit > 0 && size <= limit && batch.byteCount <= limit
    }

    /// Fetches what the training starts from, and trains.
    private func compute(on thread: TrainingThread) async -> RunResult {
        defer {
            isComputed.store(true, ordering: .releasing)
            wake.finish()
        }
        let name = job.specification["dataset"]?["name"]?.string ?? ""
        let data = DatasetFetch(
            cacheFolder: configuration.cacheFolder,
            client: client,
            thread: thread
        )
        var patience = Patience(configuration)
        let obstacle = await data.run(name: name, hash: job.datasetHash) { received in
            guard channel.stopReason != .leaseLost else { return false }
            return await patience.wait(received: received, stopped: stopInstant)
        }
        if let obstacle { return RunResult(obstacle) }
        switch await fetchCheckpoint() {
        case .failure(let obstacle): return RunResult(obstacle.outcome)
        case .success(let fetch):
            defer { fetch?.remove() }
            return await thread.run { [job, channel, configuration, path = fetch?.path] in
                Engine.train(
                    job,
                    rates: channel,
                    cacheFolder: configuration.cacheFolder,
                    checkpoint: path
                )
            }
        }
    }

    /// Does what takes its time without a report; heartbeats hold the lease meanwhile.
    ///
    /// - Parameters:
    ///   - isLate: Whether the term may be over soon, so that the first is sent at once.
    ///   - body: What takes its time.
    /// - Returns: What `body` returns.
    private func keepingLease<Value>(
        isLate: Bool = false,
        _ body: () async -> Value
    ) async -> Value {
        let beats = Heartbeats(of: job, client) { [channel] answer, sent in
            switch answer {
            case .success(let receipt):
                channel.extend(receipt.grant, leaseEnd: sent + .seconds(receipt.termSeconds))
                if !receipt.directives.isEmpty { channel.stop(.release) }
            case .failure(let error):
                if error.isLeaseLost { channel.stop(.leaseLost) }
            }
        }
        beats.begin(isAtOnce: isLate)
        let value = await body()
        await beats.end()
        return value
    }

    /// Reports until the training has ended, or the lease is lost.
    ///
    /// - Parameter uploads: Takes copies of the state of which all is reported.
    /// - Returns: The number of the next report; `nil` where the lease is lost.
    private func report(_ uploads: inout Uploads) async -> Int? {
        let ticker = Task.repeating(every: configuration.reportInterval) { [wake] in wake.yield() }
        defer { ticker.cancel() }
        var sequence = 1
        for await _ in wakes {
            // What the end of the training has left comes with the completion.
            guard !isComputed.load(ordering: .acquiring) else { break }
            let (batch, checkpoint) = channel.drain()
            let report = makeReport(sequence, of: batch)
            guard await send(report, then: checkpoint, &uploads) else { return nil }
            sequence += 1
        }
        return channel.stopReason == .leaseLost ? nil : sequence
    }

    private func makeReport(_ sequence: Int, of batch: MetricsBatch) -> WorkerReport {
        var report = WorkerReport(
            fence: job.fence,
            sequence: sequence,
            fromStep: batch.fromStep,
            toStep: batch.toStep,
            series: batch.series,
            updateSeconds: batch.updateSeconds,
            seconds: channel.secondsBefore + (ContinuousClock.now - began).seconds,
            appliedDigest: batch.appliedDigest
        )
        report.logLines = channel.drainLog()
        return report
    }

    /// Sends one report, again and again until it is acknowledged; heartbeats hold the lease meanwhile.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - checkpoint: A copy of the state of which all is reported then.
    ///   - uploads: Takes the copy.
    /// - Returns: Whether the lease still holds.
    private func send(
        _ report: WorkerReport,
        then checkpoint: RunChannel.Checkpoint?,
        _ uploads: inout Uploads
    ) async -> Bool {
        let began = ContinuousClock.now
        var answer = await deliver(report)
        if let error = answer, isRepeated(after: error, since: began) {
            logger.warning("the server is silent: \(error)")
            answer = await keepingLease(isLate: true) {
                var pause = Backoff(first: .milliseconds(50), limit: .seconds(2))
                var answer: ClientError?
                repeat {
                    await pause.wait()
                    answer = await deliver(report)
                } while answer.map { isRepeated(after: $0, since: began) } ?? false
                return answer
            }
        }
        if let answer {
            logger.notice("report \(report.sequence) of job \(job.jobID) was not taken: \(answer)")
            channel.stop(.leaseLost)
            return false
        }
        if let checkpoint { uploads.add(checkpoint) }
        return true
    }

    /// Sends one report once.
    ///
    /// - Returns: Why it was not taken; `nil` where it was.
    private func deliver(_ report: WorkerReport) async -> ClientError? {
        let sent = ContinuousClock.now
        do {
            let receipt = try await client.report(report, lease: job.leaseID)
            channel.extend(receipt.grant, leaseEnd: sent + .seconds(receipt.termSeconds))
            if !receipt.directives.isEmpty { channel.stop(.release) }
            return nil
        } catch {
            return error
        }
    }

    private func isRepeated(after error: ClientError, since began: ContinuousClock.Instant) -> Bool
    {
        error.isWorthRepeating && channel.stopReason != .leaseLost
            && configuration.isPatient(since: began, stopped: stopInstant)
    }
}

extension WorkerCompletion.Outcome {
    /// The outcome with its detail as one line of the length that the protocol takes.
    var sendable: Self {
        guard case .failed(let code, let detail, let isPermanent) = self else { return self }
        let line = detail.unicodeScalars.map {
            $0.properties.generalCategory == .control ? " " : Character($0)
        }
        let text = line.isEmpty ? code : String(line.prefix(Self.detailLimit))
        return .failed(code: code, detail: text, isPermanent: isPermanent)
    }

    /// The characters of a failure's detail that the protocol takes.
    private static var detailLimit: Int { 2_000 }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

extension ClientError {
    /// Whether the same request may be answered another time: the server was not reached, or it asked
    /// for patience.
    var isWorthRepeating: Bool {
        switch code {
        case .cannotConnect, .timedOut, .connectionLost: true
        case .refused: [408, 429, 502, 503, 504, 507].contains(problem?.status ?? 0)
        default: false
        }
    }
}
