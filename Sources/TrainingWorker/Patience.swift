/// How long something is fetched again and again: from when last more had come than ever before, with pauses
/// that grow until then.
struct Patience {
    private let configuration: WorkerConfiguration
    private var pause = Backoff(first: .milliseconds(100), limit: .seconds(2))
    private var heard: ContinuousClock.Instant
    private var farthest = 0

    /// Begins to be patient.
    init(_ configuration: WorkerConfiguration, now: ContinuousClock.Instant = .now) {
        self.configuration = configuration
        heard = now
    }

    /// Waits for the next try.
    ///
    /// - Parameters:
    ///   - received: How many bytes have come that need not come again.
    ///   - stopped: When the worker was told to stop, where it was.
    ///   - now: The present.
    /// - Returns: Whether there is to be a next try; if not, nothing was waited for.
    mutating func wait(
        received: Int,
        stopped: ContinuousClock.Instant?,
        now: ContinuousClock.Instant = .now
    ) async -> Bool {
        if received > farthest {
            farthest = received
            pause.reset()
            heard = now
        }
        guard configuration.isPatient(since: heard, stopped: stopped, now: now) else {
            return false
        }
        await pause.wait()
        return true
    }
}
