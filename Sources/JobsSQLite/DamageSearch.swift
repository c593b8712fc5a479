import Dispatch
import Foundation
import GRDB

/// Looks for damage in a file that is too large to be checked before the store opens.
///
/// It reads beside the store, on a thread and a connection of its own, each table in a read of its own: the
/// log cannot be written over while a read lasts, and would grow for as long.
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

    private let queue: DatabaseQueue
    private let finished = DispatchSemaphore(value: 0)

    /// Starts to look.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - ended: Called with what was found, unless the search ends before.
    /// - Throws: `DatabaseError` where the file cannot be opened once more.
    init(_ path: String, ended: @escaping @Sendable (Verdict) -> Void) throws {
        var configuration = Configuration()
        configuration.label = "damage"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        let thread = Thread { [queue, finished] in
            ended(Self.verdict(queue))
            finished.signal()
        }
        thread.name = "damage"
        thread.start()
    }

    /// Stops the search, and waits until it has ended.
    func stop() {
        // What is interrupted before it began would not end: so it is done again.
        repeat { queue.interrupt() } while finished.wait(timeout: .now() + 0.01) == .timedOut
        // A reader's connection has nothing to lose.
        try? queue.close()
    }

    private static func verdict(_ queue: DatabaseQueue) -> Verdict {
        do {
            let tables = try queue.read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT name FROM sqlite_schema WHERE type = 'table'"
                )
            }
            for table in ["sqlite_schema"] + tables {
                try queue.read { try check($0, table: table) }
            }
            return .sound
        } catch {
            return verdict(error)
        }
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
