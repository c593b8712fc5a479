import GRDB
import Jobs

/// The rows of `labels`, as far as limits ask for them.
enum LabelsTable {
    /// How many jobs with each label hold a lease, for the labels of some names.
    ///
    /// It begins with the living leases, which are few, and not with the labels, which may be many.
    static func leased(named keys: Set<String>, in database: Database) throws -> [Label: Int] {
        guard !keys.isEmpty else { return [:] }
        let places = Array(repeating: "?", count: keys.count).joined(separator: ", ")
        let found = try database.values(
            """
            SELECT labels.key, labels.value, count(*)
            FROM runs CROSS JOIN labels ON labels.job = runs.job
            WHERE runs.ended_at IS NULL AND labels.key IN (\(places))
            GROUP BY labels.key, labels.value
            """,
            keys.sorted()
        ) { row -> (Label, Int) in (Label(key: row[0], value: row[1]), row[2]) }
        return Dictionary(uniqueKeysWithValues: found)
    }

    /// The condition on `jobs` that a job has none of some labels, with its arguments.
    static func condition(
        without labels: Set<Label>
    ) -> (sql: String, arguments: [(any ColumnValue)?]) {
        guard !labels.isEmpty else { return ("", []) }
        let pairs = Array(repeating: "(?, ?)", count: labels.count).joined(separator: ", ")
        let sql = """
            AND NOT EXISTS (SELECT 1 FROM labels WHERE labels.job = jobs.id
                AND (labels.key, labels.value) IN (VALUES \(pairs)))
            """
        let ordered = labels.sorted { ($0.key, $0.value) < ($1.key, $1.value) }
        return (sql, ordered.flatMap { [$0.key, $0.value] })
    }
}
