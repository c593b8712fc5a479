import GRDB
import Jobs

/// The rows of `artifacts`.
enum ArtifactsTable {
    private static let columns = "name, fence, hash, size, media_type, committed_at"

    private static let inserting = """
        INSERT INTO artifacts (job, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            fence = excluded.fence, hash = excluded.hash, size = excluded.size,
            media_type = excluded.media_type, committed_at = excluded.committed_at
        """

    /// A later artifact of the same name takes the place of the earlier one.
    static func insert(_ artifact: Artifact, of id: JobID, in database: Database) throws {
        try database.run(
            inserting,
            [
                id.bits, artifact.name, artifact.fence, artifact.file.hash,
                artifact.file.size, artifact.mediaType, artifact.committedAt.column,
            ]
        )
    }

    private static let listing = "SELECT \(columns) FROM artifacts WHERE job = ? ORDER BY name"

    static func all(of id: JobID, in database: Database) throws -> [Artifact] {
        try database.values(listing, [id.bits]) { row in
            Artifact(
                name: row[0],
                file: StoredFile(hash: row[2], size: row[3]),
                mediaType: row[4],
                fence: row[1],
                committedAt: row.requiredInstant(5)
            )
        }
    }

    /// The hashes, of some, that any job needs: of a checkpoint, an artifact or its start.
    static func needed(among hashes: Set<String>, in database: Database) throws -> Set<String> {
        let found = try hashes.compactMap { hash in
            try database.values(
                """
                SELECT EXISTS (SELECT 1 FROM checkpoints WHERE hash = ?1)
                    OR EXISTS (SELECT 1 FROM artifacts WHERE hash = ?1)
                    OR EXISTS (SELECT 1 FROM jobs WHERE start_file = ?1)
                """,
                [hash]
            ) { row -> Bool in row[0] }.first == true ? hash : nil
        }
        return Set(found)
    }
}
