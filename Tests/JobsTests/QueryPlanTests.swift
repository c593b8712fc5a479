import Foundation
import GRDB
import GRDBSQLite
import Jobs
import Synchronization
import TestSupport
import Testing

@testable import JobsSQLite

/// What the database does for a verb, by its own account: no clock is asked.
@Suite struct QueryPlanTests {
    /// What may be read from one end to the other, because it never grows with the jobs.
    private static let small: Set<String> = [
        "SCAN state_counts",  // A row for each state.
        "SCAN runs USING INDEX runs_alive",  // The living leases: as many as there are workers.
    ]

    /// Every statement that the verbs of a long random script and all reads run.
    private func statements() throws -> (store: SQLiteJobStore, texts: Set<String>) {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let texts = Statements()
        store.pool.writeWithoutTransaction { $0.trace { texts.note($0) } }
        // One read after another uses one and the same connection.
        try store.pool.read { $0.trace { texts.note($0) } }
        var generator = SeededGenerator(seed: 11)
        var script = RandomScript()
        for _ in 0..<1_500 { script.note(script.next(using: &generator).run(on: store)) }
        try store.probe()
        try store.forgetIdempotencyKeys(before: instant(1))
        try read(store)
        return (store, texts.all)
    }

    private func read(_ store: SQLiteJobStore) throws {
        let page = try store.jobs(JobQuery(limit: 1))
        let job = try #require(page.jobs.first)
        for change in Self.queries {
            var query = JobQuery(limit: 10)
            query.cursor = page.next
            change(&query)
            _ = try store.jobs(query)
        }
        _ = try store.job(job.id)
        _ = try store.counts()
        _ = try store.liveLeases()
        _ = try store.leasedLabels(named: ["team", "parity"])
        _ = try store.runs(of: job.id)
        _ = try store.checkpoints(of: job.id)
        _ = try store.artifacts(of: job.id)
        _ = try store.events(of: job.id, after: 3, kinds: [.state, .log], limit: 10)
        _ = try store.events(of: job.id, after: 3, kinds: nil, limit: 10)
        _ = try store.needed(among: ["a", "b"])
        _ = try store.series(of: job.id, names: nil, in: 0..<100)
        _ = try store.seriesNames(of: job.id)
        _ = try store.pointCount(of: job.id, names: ["loss"], in: 0..<100)
        _ = try store.documents(DocumentQuery(kind: "schedule", limit: 10))
        _ = try store.replay(Idempotency(scope: [1], key: "k", bodyHash: [2], answer: []))
    }

    /// What a list may be asked for, alone and together.
    private static let queries: [@Sendable (inout JobQuery) -> Void] = [
        { _ in },
        { $0.states = [.queued, .running] },
        { $0.kind = "train" },
        { $0.name = "a" },
        { $0.labels = ["team": "vision"] },
        {
            $0.labels = ["team": "vision", "parity": "1"]
            $0.kind = "train"
        },
        {
            $0.name = "a"
            $0.labels = ["team": "vision"]
            $0.states = [.failed]
        },
    ]

    @Test func `no verb reads a whole table, whatever it is asked`() throws {
        let (store, texts) = try statements()
        #expect(texts.count > 50)
        try store.pool.read { database in
            let names = "SELECT name FROM sqlite_schema WHERE type = 'table'"
            // Some statements call the labels by another name.
            let tables = Set(try String.fetchAll(database, sql: names) + ["other"])
            for text in texts.sorted() {
                let steps = try plan(of: text, in: database)
                let scans = steps.filter { step in
                    step.hasPrefix("SCAN ") && !Self.small.contains(step)
                        && tables.contains(String(step.split(separator: " ")[1]))
                }
                #expect(scans.isEmpty, "\(text)")
            }
        }
        store.close()
    }

    /// The steps by which the database runs a statement.
    private func plan(of text: String, in database: Database) throws -> [String] {
        let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(text)")
        // The plan does not depend on them.
        statement.setUncheckedArguments([])
        return try Row.fetchAll(statement).map { $0["detail"] }
    }

    @Test(arguments: queries.indices)
    func `a page of ten thousand jobs takes as much work as one of a thousand`(
        index: Int
    ) throws {
        var query = JobQuery(limit: 50)
        Self.queries[index](&query)
        let works = try [1_000, 10_000].map { try work(for: query, among: $0) }
        #expect(works[0] > 0)
        // A cursor in the middle of the list is sought, not counted to.
        #expect(works[1] <= works[0] * 11 / 10, "\(works)")
    }

    /// How many instructions of its machine SQLite takes for the page in the middle of the list.
    private func work(for query: JobQuery, among count: Int) throws -> Int {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        defer { store.close() }
        let verbs = Verbs(policy: RetryPolicy())
        try store.pool.write { database in
            for number in 0..<count {
                let job = submission(number) {
                    $0.name = "a"
                    $0.labels = ["team": "vision", "parity": "1"]
                }
                _ = try verbs.accept(job, nil, in: database)
                guard number.isMultiple(of: 3) else { continue }
                try database.run("UPDATE jobs SET state = 'failed' WHERE id = ?", [job.id.bits])
            }
        }
        var query = query
        let middle = submission(count / 2)
        query.cursor = JobQuery.Cursor(createdAt: middle.instant, id: middle.id)
        return try store.pool.read { database in
            var work = 0
            try withUnsafeMutablePointer(to: &work) { counter in
                sqlite3_progress_handler(
                    database.sqliteConnection,
                    1,
                    { counter in
                        counter?.assumingMemoryBound(to: Int.self).pointee += 1
                        return 0
                    },
                    counter
                )
                defer { sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil) }
                let page = try JobListing.page(query, in: database)
                #expect(page.jobs.count == 50)
            }
            return work
        }
    }
}

/// The texts of statements as they are run.
private final class Statements: Sendable {
    private let texts = Mutex<Set<String>>([])

    var all: Set<String> { texts.withLock { $0 } }

    func note(_ event: Database.TraceEvent) {
        guard case .statement(let statement) = event else { return }
        let verb = statement.sql.prefix { $0.isLetter }
        guard ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(verb) else { return }
        texts.withLock { _ = $0.insert(statement.sql) }
    }
}
