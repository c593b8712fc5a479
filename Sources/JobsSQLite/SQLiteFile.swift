import Foundation
import GRDB
import Jobs

/// The database file of a data folder whose lock is held.
struct SQLiteFile {
    private let folder: String
    private let path: String
    /// What takes the log into the file.
    let transfer = LogTransfer()

    init(folder: String) {
        self.folder = folder
        path = folder + "/jobs.sqlite"
    }

    /// Opens the file, which it makes where there is none, with the newest schema.
    ///
    /// - Parameter checkedBytes: The size up to which a file is checked for damage first after an unclean
    ///   end.
    /// - Returns: The open file, and whether it should be checked still. Until a check finds nothing, the
    ///   file's mark of doubt is set.
    /// - Throws: `newerSchema`, `corrupt`, `unavailable`.
    func open(checkedBytes: Int) throws(JobStoreError) -> (pool: DatabasePool, isDoubtful: Bool) {
        let isNew = Self.size(path) == 0
        let doubt = DoubtMark(of: path)
        let isDoubtful = Self.size(path + "-wal") > 0 || doubt.isSet
        do {
            if isDoubtful { try doubt.set() }
            let pool = try DatabasePool(path: path, configuration: configuration)
            let isSmall = Self.size(path) <= checkedBytes
            if isDoubtful, isSmall {
                try pool.read { try DamageSearch.check($0) }
                doubt.clear()
            }
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                // The pages that every submission touches, of all labels and names, stay in memory.
                try database.execute(sql: "PRAGMA cache_size = -16384")
                try SQLiteSchema.migrate(database, folder: folder)
            }
            if isNew {
                try synchronize(folder: folder)
            }
            return (pool, isDoubtful && !isSmall)
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
        configuration.prepareDatabase { [transfer] database in
            transfer.begin(on: database)
            try database.execute(sql: "PRAGMA journal_size_limit = \(LogTransfer.keptBytes)")
            // What a savepoint would put back is kept in memory: a file for it would be made anew for
            // every transaction.
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// The bytes of a file, 0 where there is none.
    static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
