package import Foundation

/// What a worker shows with every write: the job, and which grant of its lease it means.
package struct LeaseKey: Hashable, Sendable {
    /// The job that is leased.
    package let job: JobID
    /// The number of the grant, from 1; a newer grant has a higher one.
    package let fence: Int
    /// The secret of the grant.
    package let lease: LeaseID

    /// The key of one grant.
    package init(job: JobID, fence: Int, lease: LeaseID) {
        self.job = job
        self.fence = fence
        self.lease = lease
    }
}

/// One grant of a job to a worker, while it lives.
package struct Lease: Hashable, Sendable {
    /// What its holder shows with every write.
    package let key: LeaseKey
    /// The name of the worker that holds it.
    package let worker: String
    /// The server that started the worker as its child; nil for a worker that lives on its own.
    package let server: ServerID?
    /// The request that it answers: the same request of the same worker gets it again.
    package let requestID: String
    /// What the worker computes with; nil where it did not say.
    package let environment: String?
    /// The ids of the GPUs that the job has to itself while this lease lives.
    package let gpus: [String]
    /// The finished steps from which this run starts: those of the newest checkpoint, or 0; or those of a
    /// state of its worker's own, which its first report shows.
    package var resumeStep: Int
    /// The first step whose conditions are not yet promised to the worker.
    package var grantedThrough: Int
    /// The number of the newest report that was applied; 0 before the first.
    package var sequence: Int
    /// When it was granted.
    package let grantedAt: Date

    /// A lease as a store reads it back.
    package init(
        key: LeaseKey,
        worker: String,
        server: ServerID?,
        requestID: String,
        environment: String?,
        gpus: [String] = [],
        resumeStep: Int,
        grantedThrough: Int,
        sequence: Int,
        grantedAt: Date
    ) {
        self.key = key
        self.worker = worker
        self.server = server
        self.requestID = requestID
        self.environment = environment
        self.gpus = gpus
        self.resumeStep = resumeStep
        self.grantedThrough = grantedThrough
        self.sequence = sequence
        self.grantedAt = grantedAt
    }
}

/// A job together with the lease that a worker holds on it.
package struct LeasedJob: Hashable, Sendable {
    /// The job; its state says whether the worker should cancel or pause.
    package let job: JobRecord
    /// The worker's hold on it.
    package let lease: Lease

    /// A job and its live lease.
    package init(job: JobRecord, lease: Lease) {
        self.job = job
        self.lease = lease
    }
}
