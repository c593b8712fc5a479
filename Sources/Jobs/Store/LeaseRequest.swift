package import Foundation

/// A worker's wish for a job.
package struct LeaseRequest: Hashable, Sendable {
    /// The name of the worker.
    package let worker: String
    /// The machine that it runs on, to be shown with the job.
    package var host: String?
    /// The server that started the worker as its child; nil for a worker that lives on its own.
    package var server: ServerID?
    /// What the worker computes with, as far as results depend on it; nil where it does not say.
    package var environment: String?
    /// The GPUs that the worker offers, whether or not jobs have them; none by default.
    package var gpus: [GPU] = []
    /// Chosen by the worker: the same again gets the same lease again, while that lives.
    package let requestID: String
    /// The kinds of job that the worker can do.
    package let kinds: Set<String>
    /// Whether the worker has another job to run first; false by default.
    package var isAhead = false
    /// The one job that is wanted, whenever it was to start again; nil for any.
    package var job: JobID?
    /// Where the worker goes on with a state of its own; nil for the newest checkpoint's.
    package var ownState: OwnState?
    /// How many jobs with a label may hold a lease at once; no limits by default.
    package var limits = LabelLimits.none
    /// The secret of the lease that may be granted; fresh for each request.
    package let lease: LeaseID
    /// Now, on the wall clock, which `notBefore` is compared with.
    package let instant: Date

    /// A state of the work that the worker has kept itself.
    package struct OwnState: Hashable, Sendable {
        /// The finished steps.
        package let step: Int
        /// The job's `feedback` there.
        package let feedback: [UInt8]?

        /// The state after some steps.
        package init(step: Int, feedback: [UInt8]?) {
            self.step = step
            self.feedback = feedback
        }
    }

    /// A wish for a job of any of some kinds.
    package init(
        worker: String,
        requestID: String,
        kinds: Set<String>,
        lease: LeaseID = .random(),
        at instant: Date
    ) {
        self.worker = worker
        self.requestID = requestID
        self.kinds = kinds
        self.lease = lease
        self.instant = instant
    }
}
