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

    private static func logSize(of pool: DatabasePool) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: pool.path + "-wal")[.size] as? Int ?? 0
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

    @Test func `the log begins anew before each table, however much is written meanwhile`() throws {
        let tables = (1...3).map { "more\($0)" }
        for table in tables {
            try store.pool.write { try $0.execute(sql: "CREATE TABLE \(table) (bytes BLOB)") }
        }
        let pool = store.pool
        let demand = Mutex(0)
        let isFilled = DispatchSemaphore(value: 0)
        let isOver = Atomic(false)
        let failure = Mutex<(any Error)?>(nil)
        let written = DispatchSemaphore(value: 0)
        // Writes without end, and as much as is wanted while a table is read.
        let writer = Thread {
            defer { written.signal() }
            while !isOver.load(ordering: .relaxed) {
                let count = demand.withLock { demand in
                    defer { demand = 0 }
                    return demand
                }
                do {
                    try Self.write(count, in: pool)
                    try pool.write {
                        try $0.execute(sql: "UPDATE probes SET count = count + 1 WHERE id = 1")
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
                if count > 0 { isFilled.signal() }
            }
        }
        writer.start()
        let starts = Mutex<[String: Int]>([:])
        let end = AnswerBox<DamageSearch.Verdict>()
        let search = try DamageSearch(
            pool.path,
            logLimit: .max,
            patience: .seconds(300),
            reading: { database, table in
                let size = try Self.logSize(of: pool)
                starts.withLock { $0[table] = size }
                guard tables.contains(table) else { return }
                // From its first look on, the read holds the log.
                _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)")
                demand.withLock { $0 = 36 }
                isFilled.wait()
                #expect(try Self.logSize(of: pool) > 36 << 20)
            },
            ended: { end.put($0) }
        )
        #expect(end.wait() == .sound)
        isOver.store(true, ordering: .relaxed)
        written.wait()
        search.stop()
        #expect(failure.withLock { $0 } == nil)
        let sizes = starts.withLock { $0 }
        #expect(sizes.keys.filter(tables.contains).count == tables.count)
        #expect(sizes.values.allSatisfy { $0 <= 32 << 20 }, "\(sizes)")
        store.close()
    }

    /// Makes the log longer than it stays, with nothing written behind.
    private func lengthenLog() throws {
        try store.pool.write {
            try $0.execute(sql: "INSERT INTO ballast VALUES (zeroblob(36 << 20))")
        }
        try #require(try Self.logSize(of: store.pool) > 32 << 20)
    }

    @Test func `a search where nobody writes waits no longer than it has patience`() throws {
        try lengthenLog()
        let end = AnswerBox<DamageSearch.Verdict>()
        let search = try DamageSearch(store.pool.path, patience: .milliseconds(1)) { end.put($0) }
        #expect(end.wait() == .sound)
        search.stop()
        store.close()
    }

    @Test func `a search that waits for the log is stopped`() throws {
        try lengthenLog()
        let end = AnswerBox<DamageSearch.Verdict>()
        let search = try DamageSearch(store.pool.path, patience: .seconds(100_000)) { end.put($0) }
        search.stop()
        #expect(end.wait() == .unfinished(nil))
        store.close()
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
        let begun = DispatchSemaphore(value: 0)
        let search = try DamageSearch(
            store.pool.path,
            logLimit: 2 << 20,
            reading: { _, table in
                if table == "slow" { begun.signal() }
            },
            ended: {
                end.put($0)
                isOver.store(true, ordering: .relaxed)
                begun.signal()
            }
        )
        // Nothing is written beside the other tables, whose reads may be stopped for longer.
        begun.wait()
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
