internal import Foundation
internal import Jobs
internal import TrainingAPI

/// A live lease's run: its ledger, behind a lock that is held while a report is stored.
final class ActiveRun: Sendable {
    /// The lease.
    let key: LeaseKey
    /// The worker that holds it.
    let worker: String
    /// The worker's request that it answers.
    let requestID: String
    /// When it was granted.
    let grantedAt: Date
    /// The ids of the GPUs that its job has to itself.
    let gpus: [String]
    /// How many of the newest checkpoints the job keeps.
    let keptCheckpoints: Int
    /// Whether a user's script holds the lease.
    let isScript: Bool
    /// How long the job has run.
    let clock: RunClock
    private let lock = NSLock()
    // Guarded by `lock`.
    nonisolated(unsafe) private var ledger: RunLedger
    // Guarded by `lock`.
    nonisolated(unsafe) private var hasReachedLimit = false
    // Guarded by `lock`: how many lines of a command's output were taken.
    nonisolated(unsafe) private var takenLines = 0

    /// Makes the run of a lease.
    init(
        _ lease: Lease,
        ledger: RunLedger,
        keptCheckpoints: Int = 3,
        clock: RunClock = RunClock()
    ) {
        key = lease.key
        worker = lease.worker
        requestID = lease.requestID
        grantedAt = lease.grantedAt
        gpus = lease.gpus
        self.keptCheckpoints = keptCheckpoints
        isScript = ledger.script != nil
        self.clock = clock
        self.ledger = ledger
    }

    /// Stores those lines of a command's output that have not come before.
    func takeOutput<Result>(
        _ beat: Heartbeat,
        _ store: ([String]) throws -> Result
    ) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        let known = max(0, min(takenLines - beat.logFrom, beat.logLines.count))
        let result = try store(Array(beat.logLines.dropFirst(known)))
        takenLines = max(takenLines, beat.logFrom + beat.logLines.count)
        return result
    }

    /// Whether the worker was told to let go because the job has run for as long as it may.
    var isOverLimit: Bool {
        lock.lock()
        defer { lock.unlock() }
        return hasReachedLimit
    }

    /// Notes that the job has run for as long as it may; tells whether that is new.
    func endByLimit() -> Bool {
        lock.lock()
        defer { lock.unlock() }
        defer { hasReachedLimit = true }
        return !hasReachedLimit
    }

    /// Lets `body` change a copy of the ledger, and keeps the copy where `body` returns.
    func update<Result>(_ body: (inout RunLedger) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        var copy = ledger
        let result = try body(&copy)
        ledger = copy
        return result
    }
}
