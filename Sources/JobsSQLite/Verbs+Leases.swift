import Foundation
import GRDB
import Jobs

/// Grants of leases, and their ends in silence.
extension Verbs {
    func lease(_ request: LeaseRequest, in database: Database) throws -> LeasedJob? {
        let answered = try RunsTable.alive(
            worker: request.worker,
            requestID: request.requestID,
            in: database
        )
        if let answered, let job = try JobsTable.find(answered.key.job, in: database) {
            return LeasedJob(job: job, lease: answered)
        }
        let free = try GPUColumns.free(of: request, in: database)
        if let wanted = request.job {
            guard let job = try JobsTable.find(wanted, in: database), job.isWanted(by: request),
                let gpus = job.gpus.choice(among: free)
            else { return nil }
            return try grant(job, to: request, having: gpus, in: database)
        }
        guard var job = try next(for: request, offering: request.gpus, in: database) else {
            return nil
        }
        if job.gpus.choice(among: free) == nil {
            guard let other = try next(for: request, offering: [], in: database) else { return nil }
            job = other
        }
        guard job.mayFollow(for: request), let gpus = job.gpus.choice(among: free) else {
            return nil
        }
        return try grant(job, to: request, having: gpus, in: database)
    }

    /// The first job in the queue for a worker that would have `gpus` to itself.
    private func next(
        for request: LeaseRequest,
        offering gpus: [GPU],
        in database: Database
    ) throws -> JobRecord? {
        let fitting = GPUColumns.condition(offering: gpus)
        let full = request.limits.full(
            among: try LabelsTable.leased(named: request.limits.keys, in: database)
        )
        let unlimited = LabelsTable.condition(without: full)
        let candidates = try request.kinds.compactMap { kind in
            try database.values(
                """
                SELECT queue_place, id FROM jobs
                WHERE state = 'queued' AND kind = ?
                    AND (not_before IS NULL OR not_before <= ?
                        OR started_at IS NOT NULL AND not_before > ?)
                    AND (NOT requires_exact OR environment IS NULL OR environment = ?)
                    \(fitting.sql) \(unlimited.sql)
                ORDER BY queue_place, id LIMIT 1
                """,
                [
                    kind, request.instant.column,
                    policy.latestRetry(after: request.instant).column, request.environment,
                ] + fitting.arguments + unlimited.arguments
            ) { row -> (place: Int64, id: JobID) in (row[0], JobID(bits: row.bits(1))) }.first
        }
        let next = candidates.min { ($0.place, $0.id) < ($1.place, $1.id) }
        return try next.flatMap { try JobsTable.find($0.id, in: database) }
    }

    private func grant(
        _ job: JobRecord,
        to request: LeaseRequest,
        having gpus: [String],
        in database: Database
    ) throws -> LeasedJob {
        var job = job
        // A job that was never granted has at most what it begins with.
        let newest =
            job.fence == 0 && job.origin == nil
            ? nil : try CheckpointsTable.newest(of: job.id, after: job.restartFence, in: database)
        let (lease, events) = job.grant(to: request, from: newest, having: gpus)
        try JobsTable.update(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        try RunsTable.insert(lease, in: database)
        return LeasedJob(job: job, lease: lease)
    }

    func renew(_ key: LeaseKey, through: Int, in database: Database) throws -> LeasedJob {
        var (job, lease) = try leased(key, "renew", in: database)
        lease.extend(through: through)
        try RunsTable.update(lease, in: database)
        return LeasedJob(job: job, lease: lease)
    }

    func note(
        _ drafts: [JobEventDraft],
        of key: LeaseKey,
        in database: Database
    ) throws -> LeasedJob {
        var (job, lease) = try leased(key, "note", in: database)
        let events = job.note(drafts)
        try JobsTable.updateProgress(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        return LeasedJob(job: job, lease: lease)
    }

    func revive(_ key: LeaseKey, at instant: Date, in database: Database) throws -> LeasedJob {
        guard let run = try RunsTable.find(key, in: database),
            try run.lease.gpus.isEmpty
                || GPUColumns.taken(in: database).isDisjoint(with: run.lease.gpus),
            var job = try JobsTable.find(key.job, in: database),
            let events = job.revive(run, at: instant)
        else { throw JobStoreError.leaseLost(key, in: "revive") }
        try JobsTable.update(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        try RunsTable.reopen(key, in: database)
        return LeasedJob(job: job, lease: run.lease)
    }

    func abandon(_ abandonment: LeaseAbandonment, in database: Database) throws -> [JobRecord] {
        let leases = try RunsTable.alive(in: database).filter(abandonment.selection.contains)
        return try leases.compactMap { lease in
            guard var job = try JobsTable.find(lease.key.job, in: database) else { return nil }
            let ending = abandonment.cause.ending
            let events = job.end(abandonment, policy: policy)
            try end(lease, of: job, ending, at: abandonment.instant, events, in: database)
            return job
        }
    }
}
