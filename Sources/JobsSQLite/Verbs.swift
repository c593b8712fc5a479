import Foundation
import GRDB
import Jobs

/// What the verbs that write do inside their transaction.
struct Verbs: Sendable {
    let policy: RetryPolicy

    func forgetIdempotencyKeys(before instant: Date, in database: Database) throws -> Int {
        try KeysTable.delete(before: instant, in: database)
    }

    func probe(in database: Database) throws {
        try database.run("UPDATE probes SET count = count + 1 WHERE id = 1", [])
    }

    /// The job and the live lease that a key opens.
    func leased(
        _ key: LeaseKey,
        _ operation: String,
        in database: Database
    ) throws -> (job: JobRecord, lease: Lease) {
        guard let run = try RunsTable.find(key, in: database),
            let job = try JobsTable.find(key.job, in: database), run.isLive(in: job)
        else { throw JobStoreError.leaseLost(key, in: operation) }
        return (job, run.lease)
    }

    /// Ends a run whose job has been changed by that.
    func end(
        _ lease: Lease,
        of job: JobRecord,
        _ ending: RunEnding,
        at instant: Date,
        _ events: [JobEventRecord],
        in database: Database
    ) throws {
        try JobsTable.update(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        try RunsTable.end(lease.key, ending, at: instant, in: database)
    }
}

extension Run {
    /// Whether a worker's writes under the run's lease are accepted.
    func isLive(in job: JobRecord) -> Bool {
        endedAt == nil && job.fence == lease.key.fence && job.state.isLeased
    }
}
