import Dispatch
import Foundation
import GRDB
import Jobs
import Synchronization
import TestSupport
import Testing

@testable import JobsSQLite

@Suite(.timeLimit(.minutes(5))) struct DamageSearchTests {
    private let folder: TemporaryFolder
    private let store: SQLiteJobStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteJobStore(folder: folder.path)
        try store.pool.write { try $0.execute(sql: "CREATE TABLE ballast (bytes BLOB)") }
    }

    private var logSize: Int {
        get throws {
            let path = store.pool.path + "-wal"
            return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        }
    }

    /// Whether a process has the lock on a database by which the last connection to it is told.
    private static func isShared(_ descriptor: Int32) -> Bool {
        // SQLite's SHARED_FIRST and SHARED_SIZE; F_OFD_GETLK, which also sees what this process holds.
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 0x4000_0002
        lock.l_len = 510
        let result = withUnsafeMutablePointer(to: &lock) { fcntl(descriptor, 36, $0) }
        #expect(result == 0)
        return lock.l_type == Int16(F_RDLCK)
    }

    /// Writes some MiB, in commits of one each.
    private static func write(_ count: Int, in pool: DatabasePool) throws {
        for _ in 0..<count {
            try pool.write { database in
                try database.execute(sql: "DELETE FROM ballast")
                try database.execute(sql: "INSERT INTO ballast VALUES (randomblob(1048576))")
            }
        }
    }

    @Test func `the log is written over between the tables that are read`() throws {
        for number in 1...6 {
            try store.pool.write {
                try $0.execute(sql: "CREATE TABLE more\(number) (bytes BLOB)")
                try $0.execute(sql: "INSERT INTO more\(number) VALUES (randomblob(100000))")
            }
        }
        let written = Atomic(0)
        let pool = store.pool
        let failures = Mutex<[String]>([])
        let sizes = Mutex<[Int]>([])
        let end = AnswerBox<DamageSearch.Verdict>()
        let path = pool.path + "-wal"
        let search = try DamageSearch(
            pool.path,
            checked: { table in
                guard table.hasPrefix("more") else { return }
                do {
                    // More than the log holds before it is written over.
                    try Self.write(24, in: pool)
                    written.add(24, ordering: .relaxed)
                    let found = try FileManager.default.attributesOfItem(atPath: path)
                    sizes.withLock { $0.append(found[.size] as? Int ?? 0) }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            },
            ended: { end.put($0) }
        )
        #expect(end.wait() == .sound)
        search.stop()
        #expect(failures.withLock { $0 } == [])
        let count = written.load(ordering: .relaxed)
        #expect(count == 6 * 24)
        // 16 MiB, and what is committed until that is seen.
        let most = sizes.withLock { $0.max() } ?? 0
        #expect(most > 0 && most < 40 << 20, "\(most)")
        store.close()
    }

    @Test func `a search leaves the locks in place that keep the log from being removed`() throws {
        let descriptor = open(store.pool.path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        // After the store, whose locks go with it.
        defer { close(descriptor) }
        try #require(Self.isShared(descriptor))
        let end = AnswerBox<DamageSearch.Verdict>()
        let search = try DamageSearch(store.pool.path) { end.put($0) }
        #expect(end.wait() == .sound)
        #expect(Self.isShared(descriptor))
        search.stop()
        #expect(Self.isShared(descriptor))
        store.close()
        #expect(!Self.isShared(descriptor))
    }

    @Test func `a table that takes longer to be read than the log may wait is not finished`() throws
    {
        // Each row takes some milliseconds to be checked, for the text that it is said to have, and all of
        // them a minute.
        try store.pool.writeWithoutTransaction { database in
            try database.execute(
                sql: "CREATE TABLE slow (n INTEGER, text TEXT NOT NULL AS (n) VIRTUAL)"
            )
            for _ in 0..<2_000 {
                try database.execute(sql: "INSERT INTO slow (n) VALUES (4000000)")
            }
            try database.execute(sql: "PRAGMA writable_schema = ON")
            try database.execute(
                sql: """
                    UPDATE sqlite_schema SET sql =
                        'CREATE TABLE slow (n INTEGER, text TEXT NOT NULL
                            AS (printf(''%.*c'', n, ''a'')) VIRTUAL)'
                    WHERE name = 'slow'
                    """
            )
            try database.execute(sql: "PRAGMA writable_schema = OFF")
        }
        let end = AnswerBox<DamageSearch.Verdict>()
        let isOver = Atomic(false)
        let search = try DamageSearch(store.pool.path, logLimit: 2 << 20) {
            end.put($0)
            isOver.store(true, ordering: .relaxed)
        }
        while !isOver.load(ordering: .relaxed) { try Self.write(1, in: store.pool) }
        #expect(
            end.wait()
                == .unfinished(
                    "each of 3 times that the table slow was read, more than 2 MiB were written"
                        + " beside it"
                )
        )
        search.stop()
        store.close()
    }
}
