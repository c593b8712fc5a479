import Dispatch
import Foundation
import GRDB
import Synchronization

/// Looks for damage in a file that is too large to be checked before the store opens.
///
/// It reads beside the store, on a thread and a connection of its own, each table in a read of its own: the
/// log cannot be written over while a read lasts, and grows for as long. So the file is read through once
/// before, outside of any read of the database, which makes those short where the memory holds it; and
/// where the log grows by more than 256 MiB all the same, the read is given up and tried again, three times in
/// all. Before each, the search waits until the log is as short as it always may be.
final class DamageSearch: Sendable {
    /// How a search ends.
    enum Verdict: Hashable, Sendable {
        /// All was read, and nothing is wrong.
        case sound
        /// Something is wrong.
        case damaged(String)
        /// Not all was read, for a reason that says nothing of the file; nil where the search was stopped.
        case unfinished(String?)
    }

    /// A table that could not be read for as long as the log may wait.
    private struct Outgrown: Error, CustomStringConvertible {
        let table: String
        let limit: Int

        var description: String {
            "each of \(DamageSearch.tries) times that the table \(table) was read, more than"
                + " \(limit >> 20) MiB were written beside it"
        }
    }

    /// How often a table is read before it counts as unfinished.
    private static let tries = 3
    /// The time between two looks at a log that is waited for.
    private static let interval: TimeInterval = 0.02

    private let path: String
    private let logLimit: Int
    private let patience: Duration
    private let reading: @Sendable (Database, String) throws -> Void
    private let queue: DatabaseQueue
    private let finished = DispatchSemaphore(value: 0)
    private let isStopped = Atomic(false)

    /// Starts to look.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - logLimit: By how many bytes the log may grow while a table is read.
    ///   - patience: How long to wait, before each read, for the log to be written over. Where nobody writes
    ///     that does not come, nor while another program reads.
    ///   - reading: Called when the read of a table begins, with its connection, on the search's thread.
    ///   - ended: Called with what was found, unless the search ends before.
    /// - Throws: `DatabaseError` where the file cannot be opened once more.
    init(
        _ path: String,
        logLimit: Int = 256 << 20,
        patience: Duration = .seconds(5),
        reading: @escaping @Sendable (Database, _ table: String) throws -> Void = { _, _ in },
        ended: @escaping @Sendable (Verdict) -> Void
    ) throws {
        self.path = path
        self.logLimit = logLimit
        self.patience = patience
        self.reading = reading
        var configuration = Configuration()
        configuration.label = "damage"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        let thread = Thread { [self] in
            ended(verdict())
            finished.signal()
        }
        thread.name = "damage"
        thread.start()
    }

    /// Stops the search, and waits until it has ended.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        // What is interrupted before it began would not end: so it is done again.
        repeat { queue.interrupt() } while finished.wait(timeout: .now() + 0.01) == .timedOut
        // A reader's connection has nothing to lose.
        try? queue.close()
    }

    private func verdict() -> Verdict {
        do {
            readThrough()
            let tables = try queue.read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT name FROM sqlite_schema WHERE type = 'table'"
                )
            }
            for table in ["sqlite_schema"] + tables { try check(table) }
            return .sound
        } catch {
            return Self.verdict(error)
        }
    }

    /// Has the system read the file into memory, where it takes no more than half of that.
    ///
    /// A larger one would drive everything else out, and its own beginning too.
    private func readThrough() {
        let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        guard SQLiteFile.size(path) <= memory / 2 else { return }
        queue.unsafeRead { database in
            database.readThrough { !isStopped.load(ordering: .relaxed) }
        }
    }

    /// Waits until the file of the log is no longer than it stays when the log begins anew.
    ///
    /// That takes two commits while nothing is read: the first has the log taken in, the second begins it.
    private func awaitLog() {
        let deadline = ContinuousClock.now + patience
        while SQLiteFile.size(path + "-wal") > LogTransfer.keptBytes,
            !isStopped.load(ordering: .relaxed), ContinuousClock.now < deadline
        {
            Thread.sleep(forTimeInterval: Self.interval)
        }
    }

    private func check(_ table: String) throws {
        for _ in 0..<Self.tries {
            awaitLog()
            guard !isStopped.load(ordering: .relaxed) else { break }
            let watch = LogWatch(path, limit: logLimit) { [queue] in queue.interrupt() }
            let result = Result {
                try queue.read { database in
                    try reading(database, table)
                    try Self.check(database, table: table)
                }
            }
            let isOutgrown = watch.end()
            guard isOutgrown, Self.isInterrupted(result) else { return try result.get() }
        }
        guard !isStopped.load(ordering: .relaxed) else {
            throw DatabaseError(resultCode: .SQLITE_INTERRUPT)
        }
        throw Outgrown(table: table, limit: logLimit)
    }

    private static func isInterrupted(_ result: Result<Void, any Error>) -> Bool {
        guard case .failure(let error as DatabaseError) = result else { return false }
        return error.resultCode == .SQLITE_INTERRUPT
    }

    /// What an error of a search says of the file.
    static func verdict(_ error: any Error) -> Verdict {
        guard let error = error as? DatabaseError else { return .unfinished("\(error)") }
        let said = error.message ?? "\(error.resultCode)"
        return switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR: .damaged(said)
        case .SQLITE_INTERRUPT: .unfinished(nil)
        default: .unfinished(said)
        }
    }

    /// Reads all of a database or of one table, but for the order of its indices.
    ///
    /// - Throws: `DatabaseError`; `SQLITE_CORRUPT` where something is damaged.
    static func check(_ database: Database, table: String? = nil) throws {
        let part = table?.quotedDatabaseIdentifier ?? "1"
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(\(part))")
        guard verdict == "ok" else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict)
        }
    }
}
