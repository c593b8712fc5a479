import Foundation
import GRDB
import Jobs

/// What the verbs that write do inside their transaction.
struct Verbs: Sendable {
    let policy: RetryPolicy

    func accept(
        _ submission: JobSubmission,
        _ key: Idempotency?,
        in database: Database
    ) throws -> Acceptance {
        if let key {
            if let first = try KeysTable.find(key, in: database) {
                return first.bodyHash == key.bodyHash
                    ? .replayed(answer: first.answer) : .keyReused
            }
            try KeysTable.insert(key, at: submission.instant, in: database)
        }
        if let limit = submission.queueLimit {
            let waiting = try database.values(
                "SELECT count FROM state_counts WHERE state = 'queued'",
                []
            ) { row -> Int in row[0] }.first
            guard waiting ?? 0 < limit else { throw JobStoreError.queueFull(limit) }
        }
        var job = JobRecord(submission)
        var begun: Checkpoint?
        if let origin = submission.origin {
            let checkpoints = try CheckpointsTable.all(of: origin.job, in: database)
            guard let checkpoint = checkpoints.first(where: { $0.step == origin.step }) else {
                throw JobStoreError.noOrigin(origin)
            }
            begun = job.goOn(submission, from: checkpoint)
        }
        let events = job.noteAcceptance(submission)
        try JobsTable.insert(job, in: database)
        if let begun { try CheckpointsTable.insert(begun, of: job.id, in: database) }
        try EventsTable.append(events, to: job, in: database)
        return .created(job)
    }

    func act(_ request: ActionRequest, in database: Database) throws -> ActionReceipt {
        if let key = request.idempotency, let first = try KeysTable.find(key, in: database) {
            return first.bodyHash == key.bodyHash ? .replayed(answer: first.answer) : .keyReused
        }
        guard var job = try JobsTable.find(request.id, in: database) else {
            throw JobStoreError.notFound(request.id, in: "act")
        }
        let version = job.version
        guard request.expectedVersion.map({ $0 == version }) ?? true else { return .changed }
        let events = try job.apply(request)
        if job.version != version {
            try JobsTable.update(job, in: database)
            try EventsTable.append(events, to: job, in: database)
        }
        if let key = request.idempotency {
            try KeysTable.insert(key, at: request.instant, in: database)
        }
        return .done(job)
    }

    func edit(_ request: EditRequest, in database: Database) throws -> ActionReceipt {
        if let key = request.idempotency, let first = try KeysTable.find(key, in: database) {
            return first.bodyHash == key.bodyHash ? .replayed(answer: first.answer) : .keyReused
        }
        guard var job = try JobsTable.find(request.id, in: database) else {
            throw JobStoreError.notFound(request.id, in: "edit")
        }
        guard job.version == request.expectedVersion else { return .changed }
        let events = try job.apply(request)
        try JobsTable.update(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        if let key = request.idempotency {
            try KeysTable.insert(key, at: request.instant, in: database)
        }
        return .done(job)
    }

    func delete(_ id: JobID, in database: Database) throws -> [StoredFile] {
        guard let job = try JobsTable.find(id, in: database) else {
            throw JobStoreError.notFound(id, in: "delete")
        }
        guard job.state.isTerminal else { throw JobStoreError.unfinished(job) }
        return try remove(id, in: database)
    }

    func removeJobs(
        endedBefore instant: Date,
        limit: Int,
        in database: Database
    ) throws -> [JobRemoval] {
        let ids = try database.values(
            """
            SELECT id FROM jobs WHERE finished_at < ?
                AND NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.origin_job = jobs.id)
            ORDER BY finished_at, id LIMIT ?
            """,
            [instant.column, limit]
        ) { JobID(bits: $0.bits(0)) }
        return try ids.map { JobRemoval(id: $0, files: try remove($0, in: database)) }
    }

    private func remove(_ id: JobID, in database: Database) throws -> [StoredFile] {
        let files =
            try CheckpointsTable.all(of: id, in: database).map(\.file)
            + ArtifactsTable.all(of: id, in: database).map(\.file)
        try database.run("DELETE FROM jobs WHERE id = ?", [id.bits.column])
        return files
    }

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
        guard let gpus = job.gpus.choice(among: free) else { return nil }
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
        let newest = try CheckpointsTable.newest(
            of: job.id,
            after: job.restartFence,
            in: database
        )
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

    func report(_ report: JobReport, in database: Database) throws -> ReportReceipt {
        var (job, lease) = try leased(report.key, "report", in: database)
        guard report.sequence > lease.sequence else {
            return .duplicate(LeasedJob(job: job, lease: lease))
        }
        try lease.apply(report)
        let events = job.apply(report)
        try RunsTable.update(lease, in: database)
        try JobsTable.updateProgress(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        for chunk in report.chunks {
            try SeriesTable.insert(chunk, under: report.key, in: database)
        }
        return .applied(LeasedJob(job: job, lease: lease))
    }

    func commit(_ commit: CheckpointCommit, in database: Database) throws -> CheckpointReceipt {
        var (job, lease) = try leased(commit.key, "commit", in: database)
        let (checkpoint, events) = job.note(commit, under: lease)
        let before = try CheckpointsTable.all(of: job.id, in: database)
        try JobsTable.updateProgress(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        try CheckpointsTable.insert(checkpoint, of: job.id, in: database)
        let steps = CheckpointRetention.dropped(
            by: commit,
            among: before.filter { $0.step != commit.step } + [checkpoint],
            resumeStep: lease.resumeStep,
            restartFence: job.restartFence
        )
        for step in steps { try CheckpointsTable.delete(at: step, of: job.id, in: database) }
        let gone = before.filter { $0.step == commit.step || steps.contains($0.step) }
        return CheckpointReceipt(
            leased: LeasedJob(job: job, lease: lease),
            checkpoint: checkpoint,
            dropped: gone.map(\.file)
        )
    }

    func discardCheckpoint(at step: Int, of id: JobID, in database: Database) throws {
        guard try JobsTable.find(id, in: database) != nil else {
            throw JobStoreError.notFound(id, in: "discardCheckpoint")
        }
        try CheckpointsTable.delete(at: step, of: id, in: database)
    }

    func attach(_ commit: ArtifactCommit, in database: Database) throws -> StoredFile? {
        let job = try leased(commit.key, "attach", in: database).job
        let before = try ArtifactsTable.all(of: job.id, in: database)
        try ArtifactsTable.insert(commit.artifact, of: job.id, in: database)
        return before.first { $0.name == commit.artifact.name }?.file
    }

    func complete(_ completion: JobCompletion, in database: Database) throws -> JobRecord {
        let ending = completion.outcome.ending
        if let run = try RunsTable.find(completion.key, in: database), run.ending == ending,
            let job = try JobsTable.find(completion.key.job, in: database)
        {
            return job
        }
        var (job, lease) = try leased(completion.key, "complete", in: database)
        let events = job.end(completion, policy: policy)
        try end(lease, of: job, ending, at: completion.instant, events, in: database)
        return job
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
        guard let run = try RunsTable.find(key, in: database), run.endedAt == nil,
            let job = try JobsTable.find(key.job, in: database), job.fence == key.fence,
            job.state.isLeased
        else { throw JobStoreError.leaseLost(key, in: operation) }
        return (job, run.lease)
    }

    private func end(
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
