import GRDB
import Jobs

/// The rows of `job_events`.
enum EventsTable {
    /// Adds to a job's log, and drops what is no longer kept.
    static func append(
        _ events: [JobEventRecord],
        to job: JobRecord,
        in database: Database
    ) throws {
        for event in events {
            try database.run(
                "INSERT INTO job_events (job, id, kind, created_at, payload) VALUES (?, ?, ?, ?, ?)",
                [
                    job.id.bits, event.id, event.kind.rawValue, event.instant.column,
                    event.payload,
                ]
            )
        }
        for (kind, through) in job.expiredEvents(after: events) {
            try database.run(
                "DELETE FROM job_events WHERE job = ? AND id <= ? AND kind = ?",
                [job.id.bits, through, kind.rawValue]
            )
        }
    }

    /// A page of the log of a job; nil where there is no such job.
    static func page(
        of id: JobID,
        after number: Int,
        kinds: Set<JobEventKind>?,
        limit: Int,
        in database: Database
    ) throws -> JobEventPage? {
        let job = try database.values(
            "SELECT last_event, state FROM jobs WHERE id = ?",
            [id.bits]
        ) { row -> (last: Int, state: String) in (row[0], row[1]) }.first
        guard let job, let state = JobState(rawValue: job.state) else { return nil }
        let words = kinds.map { kinds in kinds.map(\.rawValue).sorted() }
        let condition = words.map { words in
            " AND kind IN (\(words.map { _ in "?" }.joined(separator: ", ")))"
        }
        let found = try database.values(
            """
            SELECT id, kind, payload, created_at FROM job_events
            WHERE job = ? AND id > ?\(condition ?? "") ORDER BY id LIMIT ?
            """,
            [id.bits, number] + (words ?? []) + [limit + 1],
            event
        )
        return JobEventPage(upTo: limit, of: found, last: job.last, state: state)
    }

    private static func event(_ row: ResultRow) throws -> JobEventRecord {
        guard let kind = JobEventKind(rawValue: row[1]) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "an event has the unknown kind \(row[1] as String)"
            )
        }
        return JobEventRecord(
            id: row[0],
            kind: kind,
            payload: row.requiredBytes(2),
            instant: row.requiredInstant(3)
        )
    }
}
