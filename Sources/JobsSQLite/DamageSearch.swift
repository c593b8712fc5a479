import Dispatch
import Foundation
import GRDB

/// Looks for damage in a file that is too large to be checked before the store opens.
///
/// It reads beside the store, on a thread and a connection of its own.
final class DamageSearch: Sendable {
    private let queue: DatabaseQueue
    private let finished = DispatchSemaphore(value: 0)

    /// Starts to look.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - found: Called with what is wrong, if anything is.
    /// - Throws: `DatabaseError` where the file cannot be opened once more.
    init(_ path: String, found: @escaping @Sendable (String) -> Void) throws {
        var configuration = Configuration()
        configuration.label = "damage"
        configuration.readonly = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
        let thread = Thread { [queue, finished] in
            do {
                try queue.read { try Self.check($0) }
            } catch {
                let error = error as? DatabaseError
                // A search that is stopped has found nothing.
                if error?.resultCode != .SQLITE_INTERRUPT {
                    found(error?.message ?? "it cannot be read")
                }
            }
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

    /// Reads all of a database, but for the order of its indices.
    ///
    /// - Throws: `DatabaseError` where something is damaged.
    static func check(_ database: Database) throws {
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
        guard verdict == "ok" else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict)
        }
    }
}
