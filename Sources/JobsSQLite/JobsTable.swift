import Foundation
import GRDB
import Jobs

/// The rows of `jobs` and `labels`.
enum JobsTable {
    /// The columns that `record` reads, in its order.
    static let columns = """
        jobs.id, jobs.name, jobs.kind, jobs.state,
        (SELECT json_group_object(key, value) FROM labels WHERE labels.job = jobs.id),
        jobs.notes, jobs.specification, jobs.priority, jobs.maximum_attempts, jobs.attempt,
        jobs.crashes, jobs.fence, jobs.version, jobs.created_at, jobs.enqueued_at,
        jobs.not_before, jobs.started_at, jobs.finished_at, jobs.step, jobs.total_steps,
        jobs.progress, jobs.summary, jobs.feedback, jobs.failure_code, jobs.failure_detail,
        jobs.host, jobs.requires_exact, jobs.environment, jobs.is_exact, jobs.last_event,
        jobs.restart_fence, jobs.edits, jobs.revision, jobs.origin_job, jobs.origin_step,
        jobs.ran_seconds, jobs.gpus, jobs.gpu_memory, jobs.start_file, jobs.is_brief
        """

    static func record(_ row: ResultRow) throws -> JobRecord {
        var submission = JobSubmission(
            id: JobID(bits: row.bits(0)),
            kind: row[2],
            specification: row.requiredBytes(6),
            totalSteps: row[19],
            at: row.requiredInstant(13)
        )
        submission.name = row[1]
        submission.labels = try labels(row[4])
        submission.notes = row[5]
        submission.priority = row[7]
        submission.maximumAttempts = row[8]
        submission.requiresExact = row[26]
        submission.startFile = row[38]
        submission.gpus = GPUWish(count: row[36], memoryBytes: row[37])
        submission.isBrief = row[39]
        if let step = row[34] as Int? {
            submission.origin = JobOrigin(job: JobID(bits: row.bits(33)), step: step)
        }
        var record = JobRecord(submission)
        guard let state = JobState(rawValue: row[3]) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "job \(record.id) has an unknown state"
            )
        }
        record.state = state
        record.attempt = row[9]
        record.crashes = row[10]
        record.fence = row[11]
        record.version = row[12]
        record.enqueuedAt = row.requiredInstant(14)
        record.notBefore = row.instant(15)
        record.startedAt = row.instant(16)
        record.finishedAt = row.instant(17)
        record.step = row[18]
        record.progress = row.bytes(20)
        record.summary = row.bytes(21)
        record.feedback = row.bytes(22)
        if let code = row[23] as String? {
            record.failure = JobFailure(code: code, detail: row[24])
        }
        record.host = row[25]
        record.environment = row[27]
        record.isExact = row[28]
        record.lastEvent = row[29]
        record.restartFence = row[30]
        record.edits = row.bytes(31)
        record.revision = row[32]
        record.ranSeconds = row[35]
        return record
    }

    private static func labels(_ json: String) throws -> [String: String] {
        json == "{}" ? [:] : try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
    }

    private static let finding = "SELECT \(columns) FROM jobs WHERE id = ?"

    static func find(_ id: JobID, in database: Database) throws -> JobRecord? {
        try database.values(finding, [id.bits], record).first
    }

    static func insert(_ job: JobRecord, in database: Database) throws {
        try database.run(
            """
            INSERT INTO jobs (
                id, name, kind, state, notes, specification, priority, maximum_attempts, attempt,
                crashes, fence, version, created_at, enqueued_at, queue_place, not_before, step,
                total_steps, requires_exact, last_event, environment, is_exact, feedback, edits,
                revision, origin_job, origin_step, gpus, gpu_memory, start_file, is_brief
            ) VALUES (
                ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                ?
            )
            """,
            [
                job.id.bits, job.name, job.kind, job.state.rawValue, job.notes,
                job.specification, job.priority, job.maximumAttempts, job.attempt,
                job.crashes, job.fence, job.version, job.createdAt.column, job.enqueuedAt.column,
                job.queuePlace.column, job.notBefore?.column, job.step, job.totalSteps,
                job.requiresExact, job.lastEvent, job.environment, job.isExact,
                job.feedback, job.edits, job.revision, job.origin?.job.bits,
                job.origin?.step, job.gpus.count, job.gpus.memoryBytes, job.startFile,
                job.isBrief,
            ]
        )
        for (key, value) in job.labels {
            try database.run(
                "INSERT INTO labels (job, key, value, state, created_at) VALUES (?, ?, ?, ?, ?)",
                [job.id.bits, key, value, job.state.rawValue, job.createdAt.column]
            )
        }
    }

    /// Writes all that a transition may change.
    static func update(_ job: JobRecord, in database: Database) throws {
        try database.run(
            """
            UPDATE jobs SET
                state = ?, attempt = ?, crashes = ?, fence = ?, version = ?, enqueued_at = ?,
                queue_place = ?, not_before = ?, started_at = ?, finished_at = ?, step = ?,
                progress = ?, summary = ?, feedback = ?, failure_code = ?, failure_detail = ?,
                host = ?, environment = ?, is_exact = ?, last_event = ?, restart_fence = ?,
                edits = ?, revision = ?, ran_seconds = ?
            WHERE id = ?
            """,
            [
                job.state.rawValue, job.attempt, job.crashes, job.fence, job.version,
                job.enqueuedAt.column, job.queuePlace.column, job.notBefore?.column,
                job.startedAt?.column, job.finishedAt?.column, job.step, job.progress,
                job.summary, job.feedback, job.failure?.code, job.failure?.detail,
                job.host, job.environment, job.isExact, job.lastEvent, job.restartFence,
                job.edits, job.revision, job.ranSeconds, job.id.bits,
            ]
        )
    }

    /// Writes what a report or a checkpoint may change, which is in no index.
    static func updateProgress(_ job: JobRecord, in database: Database) throws {
        try database.run(
            """
            UPDATE jobs SET
                crashes = ?, version = ?, step = ?, progress = ?, summary = ?, feedback = ?,
                environment = ?, last_event = ?, revision = ?, ran_seconds = ?
            WHERE id = ?
            """,
            [
                job.crashes, job.version, job.step, job.progress, job.summary,
                job.feedback, job.environment, job.lastEvent, job.revision,
                job.ranSeconds, job.id.bits,
            ]
        )
    }
}
