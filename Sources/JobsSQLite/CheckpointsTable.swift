import GRDB
import Jobs

/// The rows of `checkpoints`.
enum CheckpointsTable {
    private static let columns = """
        step, fence, hash, size, environment, is_exact, feedback, committed_at
        """

    private static let inserting = """
        INSERT INTO checkpoints (job, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            fence = excluded.fence, hash = excluded.hash, size = excluded.size,
            environment = excluded.environment, is_exact = excluded.is_exact,
            feedback = excluded.feedback, committed_at = excluded.committed_at
        """

    /// A later checkpoint at the same step takes the place of the earlier one.
    static func insert(_ checkpoint: Checkpoint, of id: JobID, in database: Database) throws {
        try database.run(
            inserting,
            [
                id.bits, checkpoint.step, checkpoint.fence, checkpoint.file.hash,
                checkpoint.file.size, checkpoint.environment, checkpoint.isExact,
                checkpoint.feedback, checkpoint.committedAt.column,
            ]
        )
    }

    static func delete(at step: Int, of id: JobID, in database: Database) throws {
        try database.run(
            "DELETE FROM checkpoints WHERE job = ? AND step = ?",
            [id.bits, step]
        )
    }

    private static let findingNewest = """
        SELECT \(columns) FROM checkpoints WHERE job = ? AND (fence > ? OR fence = 0)
        ORDER BY step DESC LIMIT 1
        """

    /// The newest checkpoint of the grants after a fence, or that with which the job began.
    static func newest(
        of id: JobID,
        after fence: Int,
        in database: Database
    ) throws -> Checkpoint? {
        try database.values(findingNewest, [id.bits, fence], checkpoint).first
    }

    private static let listing = "SELECT \(columns) FROM checkpoints WHERE job = ? ORDER BY step"

    static func all(of id: JobID, in database: Database) throws -> [Checkpoint] {
        try database.values(listing, [id.bits], checkpoint)
    }

    private static func checkpoint(_ row: ResultRow) -> Checkpoint {
        Checkpoint(
            step: row[0],
            fence: row[1],
            file: StoredFile(hash: row[2], size: row[3]),
            environment: row[4],
            isExact: row[5],
            feedback: row.bytes(6),
            committedAt: row.requiredInstant(7)
        )
    }
}
