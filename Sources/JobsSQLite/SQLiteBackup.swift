import Foundation
import GRDB
package import Jobs

/// A copy of the store of a data folder, as it stood at one moment, made beside a running server.
///
/// The copy is made in one read of the database, which holds up no writer and takes no lock of the
/// folder. It is a database of its own, without a log beside it.
///
/// The original is only read. So what a killed server left of it stays, and with it the doubt: the next
/// server checks it. The copy needs no mark of doubt, since it is checked for damage before it counts.
package struct SQLiteBackup: Sendable {
    /// How many jobs it holds.
    package let jobs: Int
    /// The hashes of the files that those jobs and the archives of code need and the copy does not hold
    /// itself.
    package let files: Set<String>

    /// Copies the store of `folder` to the file at `path`, durably.
    ///
    /// - Throws: `JobStoreError`; `unavailable` where there is no store, `newerSchema` for one that a
    ///   newer version wrote, `corrupt` for one that is damaged.
    package init(of folder: String, to path: String) throws(JobStoreError) {
        let source = folder + "/jobs.sqlite"
        guard FileManager.default.fileExists(atPath: source) else {
            throw .unavailable("backup", because: "there is no store in the data folder \(folder)")
        }
        do {
            var configuration = Configuration()
            configuration.label = "backup"
            configuration.busyMode = .timeout(30)
            // A connection that may write would, as the last one, close the database: the log that tells of
            // an unclean end would go.
            var reading = configuration
            reading.readonly = true
            let original = try DatabaseQueue(path: source, configuration: reading)
            // What was read is whole however the reading connection ends.
            defer { try? original.close() }
            let copy = try DatabaseQueue(path: path, configuration: configuration)
            try original.backup(to: copy)
            (jobs, files) = try copy.writeWithoutTransaction { database in
                // The copy of a database with a log expects one; this one is to be a single file.
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
                try SQLiteSchema.check(database, folder: folder)
                try DamageSearch.check(database)
                return try (Self.count(in: database), Self.files(in: database))
            }
            try copy.close()
        } catch {
            throw JobStoreError(error, in: "backup", at: source)
        }
        try synchronize(file: path)
    }

    private static func count(in database: Database) throws -> Int {
        try database.values("SELECT count(*) FROM jobs", []) { row -> Int in row[0] }.first ?? 0
    }

    /// The hashes of the files that are needed: those of runs, of archives that are kept and of what jobs
    /// start from.
    private static func files(in database: Database) throws -> Set<String> {
        let sql = """
            SELECT hash FROM checkpoints WHERE hash NOT IN (SELECT hash FROM contents)
            UNION SELECT hash FROM artifacts WHERE hash NOT IN (SELECT hash FROM contents)
            UNION SELECT start_file FROM jobs WHERE start_file IS NOT NULL
            UNION SELECT name FROM document_names WHERE kind = 'archive' AND changed_at IS NOT NULL
            """
        return Set(try database.values(sql, []) { $0[0] })
    }
}
