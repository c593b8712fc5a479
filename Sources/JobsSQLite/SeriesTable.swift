import GRDB
import Jobs

/// The rows of `series_chunks`.
enum SeriesTable {
    static func insert(
        _ chunk: SeriesChunk,
        under key: LeaseKey,
        in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO series_chunks (job, series, fence, from_step, to_step, count, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                key.job.bits, chunk.series, key.fence, chunk.steps.lowerBound,
                chunk.steps.upperBound, chunk.count, chunk.payload,
            ]
        )
    }

    /// The curve of some series, or of all, by name and step.
    static func segments(
        of id: JobID,
        names: Set<String>?,
        in steps: Range<Int>,
        in database: Database
    ) throws -> [SeriesSegment] {
        let curve = try RunsTable.curve(of: id, in: database)
        let names = try names ?? Set(allNames(of: id, in: database))
        var segments: [SeriesSegment] = []
        for name in names.sorted() {
            for (fence, valid) in curve.parts {
                let shown = valid.clamped(to: steps)
                segments += try chunks(name, under: fence, of: id, in: shown, database)
                    .compactMap { curve.segment($0, under: fence, in: steps) }
            }
        }
        return segments
    }

    /// How many points the chunks of some series hold that reach into a range of steps.
    static func pointCount(
        of id: JobID,
        names: Set<String>,
        in steps: Range<Int>,
        in database: Database
    ) throws -> Int {
        let curve = try RunsTable.curve(of: id, in: database)
        var count = 0
        for name in names {
            for (fence, valid) in curve.parts {
                let shown = valid.clamped(to: steps)
                guard !shown.isEmpty else { continue }
                count +=
                    try database.values(
                        """
                        SELECT coalesce(sum(count), 0) FROM series_chunks
                        WHERE job = ? AND series = ? AND fence = ? AND to_step > ?
                            AND from_step < ? AND from_step < to_step
                        """,
                        [id.bits, name, fence, shown.lowerBound, shown.upperBound]
                    ) { $0[0] }.first ?? 0
            }
        }
        return count
    }

    /// The series of which something is on the curve.
    static func names(of id: JobID, in database: Database) throws -> [String] {
        let curve = try RunsTable.curve(of: id, in: database)
        return try allNames(of: id, in: database).sorted().filter { name in
            try curve.parts.contains { fence, valid in
                try isReported(name, under: fence, of: id, in: valid, database)
            }
        }
    }

    private static func chunks(
        _ series: String,
        under fence: Int,
        of id: JobID,
        in steps: Range<Int>,
        _ database: Database
    ) throws -> [SeriesChunk] {
        try database.values(
            """
            SELECT from_step, to_step, count, payload FROM series_chunks
            WHERE job = ? AND series = ? AND fence = ? AND to_step > ? AND from_step < ?
            ORDER BY to_step, rowid
            """,
            [id.bits, series, fence, steps.lowerBound, steps.upperBound]
        ) { row in
            SeriesChunk(
                series: series,
                steps: row[0]..<row[1],
                count: row[2],
                payload: row.requiredBytes(3)
            )
        }
    }

    private static func isReported(
        _ series: String,
        under fence: Int,
        of id: JobID,
        in steps: Range<Int>,
        _ database: Database
    ) throws -> Bool {
        try database.values(
            """
            SELECT 1 FROM series_chunks
            WHERE job = ? AND series = ? AND fence = ? AND to_step > ? AND from_step < ?
                AND from_step < to_step LIMIT 1
            """,
            [id.bits, series, fence, steps.lowerBound, steps.upperBound]
        ) { _ in true }.first ?? false
    }

    /// All names that were ever reported, by one seek in the index for each.
    private static func allNames(of id: JobID, in database: Database) throws -> [String] {
        try database.values(
            """
            WITH RECURSIVE names (name) AS (
                SELECT min(series) FROM series_chunks WHERE job = ?1
                UNION ALL
                SELECT (SELECT min(series) FROM series_chunks WHERE job = ?1 AND series > name)
                FROM names WHERE name IS NOT NULL
            )
            SELECT name FROM names WHERE name IS NOT NULL
            """,
            [id.bits]
        ) { $0[0] }
    }
}
