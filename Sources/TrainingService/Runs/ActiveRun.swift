internal import Foundation
internal import Jobs

/// A live lease's run: its ledger, behind a lock that is held while a report is stored.
final class ActiveRun: Sendable {
    /// The lease.
    let key: LeaseKey
    /// The worker that holds it.
    let worker: String
    /// The worker's request that it answers.
    let requestID: String
    /// How many of the newest checkpoints the job keeps.
    let keptCheckpoints: Int
    /// Whether a user's script holds the lease.
    let isScript: Bool
    private let lock = NSLock()
    // Guarded by `lock`.
    nonisolated(unsafe) private var ledger: RunLedger

    /// Makes the run of a lease.
    init(_ lease: Lease, ledger: RunLedger, keptCheckpoints: Int = 3) {
        key = lease.key
        worker = lease.worker
        requestID = lease.requestID
        self.keptCheckpoints = keptCheckpoints
        isScript = ledger.script != nil
        self.ledger = ledger
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
