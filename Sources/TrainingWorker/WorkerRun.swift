internal import Logging
internal import Synchronization
internal import TrainingAPI
internal import TrainingClient

/// One lease's run of a job: the training thread computes, this task reports.
final class WorkerRun: Sendable {
    private let job: LeasedJob
    private let configuration: WorkerConfiguration
    private let client: LehrClient
    private let logger: Logger
    private let channel: RunChannel
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let began = ContinuousClock.now
    private let stopped = Mutex<ContinuousClock.Instant?>(nil)

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
    /// - Parameter thread: Where the training computes.
    /// - Returns: How the run ended; `nil` where the lease was lost and nothing may be said.
    func train(on thread: TrainingThread) async -> WorkerCompletion.Outcome? {
        async let outcome = compute(on: thread)
        await report()
        return channel.stopReason == .leaseLost ? nil : await outcome.sendable
    }

    /// Fetches what is missing of the data, and trains.
    private func compute(on thread: TrainingThread) async -> WorkerCompletion.Outcome {
        defer { wake.finish() }
        let name = job.specification["dataset"]?["name"]?.string ?? ""
        let fetch = DatasetFetch(
            cacheFolder: configuration.cacheFolder,
            client: client,
            thread: thread
        )
        if let obstacle = await fetch.run(name: name, hash: job.datasetHash) { return obstacle }
        return await thread.run { [job, channel, configuration] in
            Engine.train(job, rates: channel, cacheFolder: configuration.cacheFolder)
        }
    }

    /// Reports until the training has ended and everything was acknowledged, or the lease is lost.
    private func report() async {
        let ticker = Task { [wake, configuration] in
            while !Task.isCancelled {
                // A cancelled sleep ends the loop at its condition.
                try? await Task.sleep(for: configuration.reportInterval)
                wake.yield()
            }
        }
        defer { ticker.cancel() }
        var sequence = 1
        for await _ in wakes {
            guard await report(sequence) else { return }
            sequence += 1
        }
        while channel.hasMetrics {
            guard await report(sequence) else { return }
            sequence += 1
        }
    }

    /// Sends one report, again and again until it is acknowledged.
    ///
    /// - Parameter sequence: The report's number.
    /// - Returns: Whether the lease still holds.
    private func report(_ sequence: Int) async -> Bool {
        let batch = channel.drain()
        let now = ContinuousClock.now
        let report = WorkerReport(
            fence: job.fence,
            sequence: sequence,
            fromStep: batch.fromStep,
            toStep: batch.toStep,
            series: batch.series,
            updateSeconds: batch.updateSeconds,
            seconds: (now - began).seconds,
            appliedDigest: batch.appliedDigest
        )
        var pause = Backoff(first: .milliseconds(50), limit: .seconds(2))
        var isSilent = false
        while true {
            let sent = ContinuousClock.now
            do {
                let receipt = try await client.report(report, lease: job.leaseID)
                channel.extend(receipt.grant, leaseEnd: sent + .seconds(receipt.termSeconds))
                if !receipt.directives.isEmpty { channel.stop(.release) }
                return true
            } catch {
                guard error.isWorthRepeating,
                    configuration.isPatient(since: now, stopped: stopped.withLock { $0 })
                else {
                    logger.notice("report \(sequence) of job \(job.jobID) was not taken: \(error)")
                    channel.stop(.leaseLost)
                    return false
                }
                if !isSilent { logger.warning("the server is silent: \(error)") }
                isSilent = true
                await pause.wait()
            }
        }
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
