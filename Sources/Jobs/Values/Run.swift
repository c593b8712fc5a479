package import Foundation

/// One grant in a job's history, living or ended.
package struct Run: Hashable, Sendable {
    /// The grant itself.
    package var lease: Lease
    /// When it ended; nil while it lives.
    package var endedAt: Date?
    /// How it ended; nil while it lives.
    package var ending: RunEnding?

    /// A run as a store reads it back.
    package init(lease: Lease, endedAt: Date? = nil, ending: RunEnding? = nil) {
        self.lease = lease
        self.endedAt = endedAt
        self.ending = ending
    }
}

/// How a lease came to its end.
package enum RunEnding: Hashable, Sendable {
    /// The worker finished the work.
    case succeeded
    /// The work ended in an error; a permanent one is not tried again.
    case failed(JobFailure, isPermanent: Bool)
    /// The worker let go: it drains, or obeyed a pause or a cancellation.
    case released
    /// The worker's process died.
    case workerCrashed
    /// The system killed the worker's process because memory was short.
    case outOfMemory
    /// The worker was not heard of for the whole term of its lease.
    case leaseExpired
    /// The worker died because the server that had started it did.
    case serverRestarted
    /// The worker was asked to let go, did not within its grace, and was stopped.
    case stopped
}
