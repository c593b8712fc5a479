internal import Synchronization
internal import TrainingAPI
internal import TrainingClient

/// Keeps a lease alive while something else takes its time: a third of its term apart.
final class Heartbeats: Sendable {
    private let job: LeasedJob
    private let client: LehrClient
    private let heard:
        @Sendable (Result<ReportReceipt, ClientError>, _ sent: ContinuousClock.Instant) -> Void
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Makes the heartbeats of a lease, of which none is sent yet.
    ///
    /// - Parameters:
    ///   - job: The leased job.
    ///   - client: The server.
    ///   - heard: Told what came of each, with the instant at which it was sent.
    init(
        of job: LeasedJob,
        _ client: LehrClient,
        heard:
            @escaping @Sendable (Result<ReportReceipt, ClientError>, ContinuousClock.Instant) ->
            Void
    ) {
        self.job = job
        self.client = client
        self.heard = heard
    }

    /// Begins to send them; nothing where they are sent already.
    ///
    /// - Parameter isAtOnce: Whether the first is due now: what came before may have taken much of the term.
    func begin(isAtOnce: Bool) {
        task.withLock { task in
            guard task == nil else { return }
            let interval = Duration.seconds(job.termSeconds / 3)
            task = .repeating(every: interval, isAtOnce: isAtOnce) { [job, client, heard] in
                let sent = ContinuousClock.now
                do throws(ClientError) {
                    heard(.success(try await client.heartbeat(job.leaseID, fence: job.fence)), sent)
                } catch {
                    heard(.failure(error), sent)
                }
            }
        }
    }

    /// Sends no more of them, and waits for the one that is on its way.
    func end() async {
        let task = task.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
    }
}
