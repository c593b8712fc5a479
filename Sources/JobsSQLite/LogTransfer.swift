import GRDB
import GRDBSQLite
import Synchronization

/// Takes the log into the database's file after the commits that make it long.
///
/// SQLite does so by itself too, but says nothing where a flush fails then. It is the first flush that
/// relaxed commits have, and the system tells of a failure once: the next flush would say that all is well,
/// and after a power failure nothing would be found that durable commits have added behind. So a failure is
/// told of here, and has to end the writing. The commit before it stands: what it promises was kept already.
final class LogTransfer: Sendable {
    private struct State {
        var failure: String?
        var handler: (@Sendable (String) -> Void)?
    }

    /// The bytes of the log's file that stay when the log begins anew: they need not be made again.
    static let keptBytes = 32 << 20
    /// The pages of the log at which it is due, 16 MiB: it costs two flushes.
    private static let pages: Int32 = 4_000

    private let state = Mutex(State())

    /// Has it done on a connection, in place of SQLite's own; this object must live as long.
    ///
    /// Source: https://www.sqlite.org/c3ref/wal_hook.html
    func begin(on database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, connection, name, pages in
                guard let context, pages >= LogTransfer.pages else { return SQLITE_OK }
                let mode = SQLITE_CHECKPOINT_PASSIVE
                let code = sqlite3_wal_checkpoint_v2(connection, name, mode, nil, nil)
                // What readers or a full disk stand against is done after a later commit.
                guard code & 0xFF == SQLITE_IOERR else { return SQLITE_OK }
                let transfer = Unmanaged<LogTransfer>.fromOpaque(context).takeUnretainedValue()
                transfer.fail(String(cString: sqlite3_errmsg(connection)))
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Calls back at every failure, with what SQLite says of it; at once where there was one before.
    ///
    /// The callback comes on the thread that commits, before its commit is answered.
    func onFailure(_ handler: @escaping @Sendable (String) -> Void) {
        let failure = state.withLock { state in
            state.handler = handler
            return state.failure
        }
        if let failure { handler(failure) }
    }

    private func fail(_ failure: String) {
        let handler = state.withLock { state in
            state.failure = failure
            return state.handler
        }
        handler?(failure)
    }
}
