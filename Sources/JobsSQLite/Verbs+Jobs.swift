import Foundation
import GRDB
import Jobs

/// Submissions, what people do to jobs, and removals.
extension Verbs {
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
        try database.run("DELETE FROM jobs WHERE id = ?", [id.bits])
        return files
    }
}
