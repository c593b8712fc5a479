import GRDB
import Jobs

/// The SQL of a list of jobs.
///
/// One condition leads: the name, else a label, else the kind, else none. Its index holds the jobs
/// of each state in the order of the list, so that a page is the merge of at most `limit + 1` rows
/// per state. The other conditions are looked up row by row.
struct JobListing {
    private(set) var sql = ""
    private(set) var arguments: [(any ColumnValue)?] = []

    init(_ query: JobQuery) {
        let states = query.states.map { wanted in JobState.allCases.filter(wanted.contains) }
        var branches: [String] = []
        for state in states ?? JobState.allCases {
            branches.append("SELECT * FROM (\(branch(state, query)))")
        }
        arguments.append(query.limit + 1)
        sql = """
            SELECT \(JobsTable.columns) FROM (
                \(branches.joined(separator: "\nUNION ALL\n"))
                ORDER BY created_at DESC, id DESC LIMIT ?
            ) AS page CROSS JOIN jobs ON jobs.id = page.id
            ORDER BY page.created_at DESC, page.id DESC
            """
    }

    private mutating func branch(_ state: JobState, _ query: JobQuery) -> String {
        var labels = query.labels.sorted { $0.key < $1.key }[...]
        var conditions: [String] = []
        func require(_ condition: String, _ values: (any ColumnValue)?...) {
            conditions.append(condition)
            arguments += values
        }
        let isLedByLabel = query.name == nil && !labels.isEmpty
        let table = isLedByLabel ? "labels" : "jobs"
        let id = isLedByLabel ? "labels.job" : "jobs.id"
        require("\(table).state = ?", state.rawValue)
        if let name = query.name {
            require("jobs.name = ?", name)
        }
        if isLedByLabel, let (key, value) = labels.popFirst() {
            require("labels.key = ? AND labels.value = ?", key, value)
            if let kind = query.kind {
                require("(SELECT kind FROM jobs WHERE jobs.id = labels.job) = ?", kind)
            }
        } else if let kind = query.kind {
            require("jobs.kind = ?", kind)
        }
        for (key, value) in labels {
            require(
                """
                EXISTS (SELECT 1 FROM labels AS other
                    WHERE other.job = \(id) AND other.key = ? AND other.value = ?)
                """,
                key,
                value
            )
        }
        if let cursor = query.cursor {
            require(
                "(\(table).created_at, \(id)) < (?, ?)",
                cursor.createdAt.column,
                cursor.id.bits
            )
        }
        arguments.append(query.limit + 1)
        return """
            SELECT \(id) AS id, \(table).created_at AS created_at FROM \(table)
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(table).created_at DESC, \(id) DESC LIMIT ?
            """
    }

    /// The page, read in one statement that is compiled anew: its texts are too many to keep.
    static func page(_ query: JobQuery, in database: Database) throws -> JobPage {
        guard query.states != [] else { return JobPage(upTo: query.limit, of: []) }
        let listing = JobListing(query)
        let found = try database.values(
            listing.sql,
            listing.arguments,
            isKept: false,
            JobsTable.record
        )
        return JobPage(upTo: query.limit, of: found)
    }
}
