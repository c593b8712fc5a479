internal import Logging
internal import Training
internal import TrainingAPI
internal import TrainingClient

/// What a run sends and fetches beside its reports.
extension WorkerRun {
    /// Sends a copy of the state until the server has it, or gives it up for the next one.
    ///
    /// A server without room for it keeps the checkpoints that it has; the training goes on.
    func upload(_ checkpoint: RunChannel.Checkpoint) async {
        defer { channel.noteSaved() }
        let file = checkpoint.file
        let step = file.state.step
        let body = UploadBody(count: file.byteCount) { file.read(at: $0, into: $1) }
        await sending("checkpoint \(step)") { () async throws(ClientError) in
            _ = try await client.putCheckpoint(
                body,
                at: step,
                bestStep: checkpoint.bestStep,
                lease: job.leaseID,
                fence: job.fence
            )
        }
    }

    /// Sends what a run leaves, all at once, so that the server's disk is waited for once.
    func send(_ artifacts: [(name: String, bytes: [UInt8])]) async {
        await withTaskGroup { group in
            for (name, bytes) in artifacts {
                group.addTask { [self] in
                    let body = UploadBody(bytes)
                    await sending(name) { () async throws(ClientError) in
                        _ = try await client.putArtifact(
                            name,
                            body,
                            lease: job.leaseID,
                            fence: job.fence
                        )
                    }
                }
            }
        }
    }

    /// Sends something until the server has it, for as long as that may help.
    func sending(
        _ what: String,
        _ send: () async throws(ClientError) -> Void
    ) async {
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(5))
        let began = ContinuousClock.now
        while channel.stopReason != .leaseLost {
            do {
                return try await send()
            } catch {
                if error.isLeaseLost { channel.stop(.leaseLost) }
                guard error.isWorthRepeating, error.problem?.status != 507,
                    configuration.isPatient(since: began, stopped: stopInstant)
                else {
                    logger.warning("\(what) of job \(job.jobID) was not taken: \(error)")
                    return
                }
                await pause.wait()
            }
        }
    }

    /// Fetches the checkpoint from which the job goes on into a file.
    ///
    /// - Returns: The fetch whose file it is, `nil` for a fresh start; or how the run ends without it.
    func fetchCheckpoint() async -> Result<CheckpointFetch?, RunObstacle> {
        guard let checkpoint = job.checkpoint else { return .success(nil) }
        var patience = Patience(configuration)
        var fetch = CheckpointFetch(folder: configuration.cacheFolder)
        var damages = 0
        while true {
            let obstacle: RunObstacle
            do {
                try await fetch.run(checkpoint, of: job, client)
                return .success(fetch)
            } catch {
                switch error {
                case .client(let error) where error.isLeaseLost:
                    channel.stop(.leaseLost)
                    obstacle = RunObstacle(outcome: .released)
                case .client(let error):
                    let isRepeated =
                        error.isWorthRepeating
                        ? await patience.wait(received: fetch.received, stopped: stopInstant)
                        : false
                    if isRepeated { continue }
                    obstacle = RunObstacle("\(error)")
                case .damaged where damages < 2:
                    damages += 1
                    fetch.remove()
                    fetch = CheckpointFetch(folder: configuration.cacheFolder)
                    continue
                case .damaged(let detail), .file(let detail):
                    obstacle = RunObstacle(detail)
                }
            }
            fetch.remove()
            return .failure(obstacle)
        }
    }
}

/// The copies of a run's state that are sent beside its reports, one after the other.
struct Uploads {
    private let run: WorkerRun
    /// The sending of the last one.
    private(set) var last: Task<Void, Never>?

    /// Makes the uploads of a run, of which there is none yet.
    init(_ run: WorkerRun) {
        self.run = run
    }

    /// Sends a copy after those before.
    mutating func add(_ checkpoint: RunChannel.Checkpoint) {
        last = Task { [last, run] in
            await last?.value
            await run.upload(checkpoint)
        }
    }
}

/// What keeps a run from starting.
struct RunObstacle: Error {
    /// How the run ends.
    let outcome: WorkerCompletion.Outcome

    /// Ends the run so.
    init(outcome: WorkerCompletion.Outcome) {
        self.outcome = outcome
    }

    /// Ends the run as a failure that may not come again on another worker.
    init(_ detail: String) {
        outcome = .failed(code: "worker_crashed", detail: detail, isPermanent: false)
    }
}
