package import Foundation

/// A worker's word that its run is over, with what the worker brings along.
package struct JobCompletion: Hashable, Sendable {
    /// How a worker itself may end its run.
    package enum Outcome: Hashable, Sendable {
        /// The work is done.
        case succeeded
        /// The work ended in an error; a permanent one is not tried again.
        case failed(JobFailure, isPermanent: Bool)
        /// The worker lets go: it drains, or obeys a pause or a cancellation. Costs no attempt.
        case released

        /// The same as an entry of the job's history.
        package var ending: RunEnding {
            switch self {
            case .succeeded: .succeeded
            case .failed(let failure, let isPermanent): .failed(failure, isPermanent: isPermanent)
            case .released: .released
            }
        }
    }

    /// The lease that ends.
    package let key: LeaseKey
    /// How it ends.
    package let outcome: Outcome
    /// The results; nil leaves those of the last report.
    package var summary: [UInt8]?
    /// How many seconds the job has run by now; nil leaves what is there.
    package var ranSeconds: Double?
    /// What to tell of the job before its end.
    package var events: [JobEventDraft] = []
    /// What was done since the last report; nil where all was reported.
    package var report: JobReport?
    /// The last state, for a job that goes on from it, or from which another does.
    package var checkpoint: CheckpointCommit?
    /// What the job leaves behind, in place of what it had by those names.
    package var artifacts: [ArtifactCommit] = []
    /// The worker's wish for its next job, which is granted in the same transaction.
    package var next: LeaseRequest?
    /// Now, on the wall clock.
    package let instant: Date
    /// A uniform draw from 0 up to 1, for the backoff before a retry.
    package let jitter: Double

    /// The end of a run.
    package init(
        key: LeaseKey,
        outcome: Outcome,
        summary: [UInt8]? = nil,
        at instant: Date,
        jitter: Double = .random(in: 0..<1)
    ) {
        self.key = key
        self.outcome = outcome
        self.summary = summary
        self.instant = instant
        self.jitter = jitter
    }
}

/// What became of a run's end.
package struct CompletionReceipt: Hashable, Sendable {
    /// The job as it then is.
    package let job: JobRecord
    /// The files that went to make room; others may need the same bytes.
    package let dropped: [StoredFile]
    /// What was granted of the worker's wish; nil where it had none, or no job waits for it.
    package let next: LeasedJob?

    /// The outcome of an end.
    package init(job: JobRecord, dropped: [StoredFile] = [], next: LeasedJob?) {
        self.job = job
        self.dropped = dropped
        self.next = next
    }
}
