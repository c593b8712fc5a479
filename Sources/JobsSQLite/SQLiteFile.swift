import Foundation
import GRDB
import Jobs

/// The database file of a data folder whose lock is held.
struct SQLiteFile {
    /// Beyond this size a check for damage would delay the start by more than it is worth.
    private static let largestChecked = 64 << 20

    private let folder: String
    private let path: String

    init(folder: String) {
        self.folder = folder
        path = folder + "/jobs.sqlite"
    }

    /// Opens the file, which it makes where there is none, with the newest schema.
    func open() throws(JobStoreError) -> DatabasePool {
        let isNew = size(path) == 0
        let wasClosed = size(path + "-wal") == 0
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            if !wasClosed, size(path) <= SQLiteFile.largestChecked {
                try check(pool)
            }
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try SQLiteSchema.migrate(database, folder: folder)
            }
            if isNew {
                try synchronize(folder: folder)
            }
            return pool
        } catch {
            throw JobStoreError(error, in: "open", at: path)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "jobs"
        configuration.maximumReaderCount = 4
        // Only tools that look into the file from outside can hold its lock, and not for long.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // Checkpoints cost two flushes of the disk: one for every 16 MiB of log.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            try database.execute(sql: "PRAGMA journal_size_limit = 33554432")
            // What a savepoint would put back is kept in memory: a file for it would be made anew for
            // every transaction.
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    private func check(_ pool: DatabasePool) throws {
        let verdict = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard verdict == "ok" else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict)
        }
    }

    /// The bytes of a file, 0 where there is none.
    private func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
