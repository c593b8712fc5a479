import Foundation
import GRDB
import Jobs
import TestSupport
import Testing

@testable import JobsSQLite

@Suite struct SQLiteJobStoreTests {
    private func openingFails(_ folder: String) -> JobStoreError? {
        do {
            try SQLiteJobStore(folder: folder).close()
            return nil
        } catch {
            return error
        }
    }

    /// Every row of every table.
    private func rows(_ store: SQLiteJobStore) throws -> [String: [Row]] {
        try store.pool.read { database in
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table'"
            )
            return try Dictionary(
                uniqueKeysWithValues: tables.map {
                    ($0, try Row.fetchAll(database, sql: "SELECT * FROM \($0)"))
                }
            )
        }
    }

    @Test func `what was answered is there after the process was killed at any verb`() throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteJobStore(folder: folder.path)
        var generator = SeededGenerator(seed: 7)
        var script = RandomScript()
        for turn in 1...120 {
            script.note(script.next(using: &generator).run(on: store))
            guard turn.isMultiple(of: 10) else { continue }
            let revived = try SQLiteJobStore(folder: try image(of: folder).path)
            #expect(try rows(revived) == rows(store))
            revived.close()
        }
    }

    @Test func `goes on after a restart where it was`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteJobStore(folder: folder.path)
        try store.add(submission(1) { $0.labels = ["team": "vision"] })
        let leased = try store.take(request("r", at: 2))
        store.close()
        store = try SQLiteJobStore(folder: folder.path)
        #expect(try store.renew(leased.lease.key) == leased)
        #expect(try store.take(request("r", at: 3)) == leased)
    }

    @Test func `a stale key changes no row of any table`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let id = try store.add(submission(1)).id
        let old = try store.take(request("r", at: 2)).lease.key
        _ = try store.abandon(LeaseAbandonment(.lease(old), cause: .leaseExpired, at: instant(3)))
        let new = try store.take(request("s", at: 4)).lease.key
        let before = try rows(store)
        for key in [old, LeaseKey(job: id, fence: new.fence, lease: old.lease)] {
            var report = JobReport(key: key, sequence: 1, steps: 0..<10)
            report.chunks = [SeriesChunk(series: "loss", steps: 0..<10, count: 1, payload: [1])]
            let stale: [Verb] = [
                .report(report), .renew(key, 99), .renew(key, nil),
                .commit(checkpoint(5, key)),
                .attach(artifact("model.py", 5, key)),
                .complete(JobCompletion(key: key, outcome: .succeeded, at: instant(5))),
            ]
            for verb in stale {
                #expect(verb.run(on: store) == .error(lostError(verb, key)))
            }
        }
        #expect(try rows(store) == before)
    }

    @Test func `bytes that come again are written where those that are there are damaged`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        try store.add(submission(1))
        let key = try store.take(request("r", at: 2)).lease.key
        var model = artifact("model.py", 1, key)
        model.content = [1, 2, 3]
        _ = try store.attach(model)
        try store.pool.write { database in
            // A search for damage finds none in bytes that a disk has changed.
            try database.execute(sql: "UPDATE contents SET bytes = x'010203FF'")
            try database.execute(sql: "CREATE TABLE writes (hash TEXT)")
            for verb in ["INSERT", "UPDATE"] {
                try database.execute(
                    sql: """
                        CREATE TRIGGER \(verb)_noted AFTER \(verb) ON contents
                        BEGIN INSERT INTO writes VALUES (new.hash); END
                        """
                )
            }
        }
        for _ in 1...3 {
            _ = try store.attach(model)
            #expect(try store.content(of: file(1)) == [1, 2, 3])
            // The second and the third find them there as they are.
            let count = try store.pool.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM writes")
            }
            #expect(count == 1)
        }
        store.close()
    }

    private func lostError(_ verb: Verb, _ key: LeaseKey) -> JobStoreError {
        switch verb {
        case .report: .leaseLost(key, in: "report")
        case .renew: .leaseLost(key, in: "renew")
        case .commit: .leaseLost(key, in: "commit")
        case .attach: .leaseLost(key, in: "attach")
        default: .leaseLost(key, in: "finish")
        }
    }

    @Test func `a second server on a folder is refused by folder and process`() throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteJobStore(folder: folder.path)
        let refusal = openingFails(folder.path)
        #expect(refusal?.code == .locked)
        #expect(
            refusal?.detail
                == "the data folder \(folder.path) is in use by another server (process \(getpid()))"
        )
        first.close()
        #expect(openingFails(folder.path) == nil)
    }

    @Test func `a folder that cannot be made is named`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/file"
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        let refusal = openingFails(file + "/data")
        #expect(refusal?.code == .unavailable)
        #expect(refusal?.detail == "cannot make the data folder \(file)/data: Not a directory")
    }

    @Test func `the first data ever written are brought up to date with all that they hold`() throws
    {
        let folder = try TemporaryFolder()
        let old = try DatabaseQueue(path: folder.path + "/jobs.sqlite")
        let job = JobRecord(submission(1) { $0.labels = ["team": "vision"] })
        try old.write { database in
            try database.execute(sql: SQLiteSchema.migrations[0])
            try database.execute(sql: "PRAGMA user_version = 1")
            // As the first version wrote it: of its columns alone.
            try database.run(
                """
                INSERT INTO jobs (
                    id, kind, state, specification, priority, maximum_attempts, attempt,
                    crashes, fence, version, created_at, enqueued_at, queue_place, step,
                    total_steps
                ) VALUES (?, ?, 'queued', ?, 0, 3, 0, 0, 0, ?, ?, ?, ?, 0, ?)
                """,
                [
                    job.id.bits, job.kind, job.specification, job.version, job.createdAt.column,
                    job.enqueuedAt.column, job.queuePlace.column, job.totalSteps,
                ]
            )
            try database.run(
                "INSERT INTO labels VALUES (?, 'team', 'vision', 'queued', ?)",
                [job.id.bits, job.createdAt.column]
            )
        }
        try old.close()
        for turn in 1...2 {
            let store = try SQLiteJobStore(folder: folder.path)
            #expect(try store.job(job.id) == job)
            #expect(try store.put(document("a", "\(turn)")) == stored("a", "\(turn)", turn))
            store.close()
        }
    }

    @Test func `data of a newer program is refused and left alone`() throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteJobStore(folder: folder.path)
        try store.pool.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        store.close()
        let refusal = openingFails(folder.path)
        #expect(refusal?.code == .newerSchema)
        #expect(
            refusal?.detail.contains("schema 99, known here up to \(SQLiteSchema.migrations.count)")
                == true
        )
        #expect(openingFails(folder.path)?.code == .newerSchema)
    }

    @Test func `a file that is no database is refused as damaged`() throws {
        let folder = try TemporaryFolder()
        let text = Data(String(repeating: "not a database ", count: 1_000).utf8)
        #expect(
            FileManager.default.createFile(
                atPath: folder.path + "/jobs.sqlite",
                contents: text
            )
        )
        #expect(openingFails(folder.path)?.code == .corrupt)
    }

    @Test func `damage is found at the start after an unclean end`() throws {
        let folder = try damagedImage()
        #expect(openingFails(folder.path)?.code == .corrupt)
        #expect(openingFails(folder.path)?.code == .corrupt)
    }

    @Test func `damage in a file too large to be checked first ends the writing once it is found`()
        throws
    {
        let folder = try damagedImage()
        // A clean close in between takes nothing back.
        for _ in 1...2 {
            let store = try SQLiteJobStore(folder: folder.path, checkedBytes: 0)
            var refusal: JobStoreError?
            while refusal == nil {
                do { try store.probe() } catch { refusal = error }
            }
            #expect(refusal?.code == .unavailable)
            #expect(refusal?.detail.contains("is damaged: ") == true, "\(refusal?.detail ?? "")")
            store.close()
        }
        #expect(openingFails(folder.path)?.code == .corrupt)
    }

    @Test func `a file is doubtful until a search has come to its end`() throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteJobStore(folder: folder.path)
        try first.probe()
        let copy = try image(of: folder)
        first.close()
        let mark = DoubtMark(of: copy.path + "/jobs.sqlite")
        try mark.set()
        try SQLiteJobStore(folder: copy.path).close()
        #expect(!mark.isSet)
        try mark.set()
        let store = try SQLiteJobStore(folder: copy.path, checkedBytes: 0)
        while mark.isSet { Thread.sleep(forTimeInterval: 0.001) }
        store.close()
        #expect(!mark.isSet)
    }

    @Test(arguments: [ResultCode.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR])
    func `what cannot be read is damaged`(code: ResultCode) {
        #expect(
            DamageSearch.verdict(DatabaseError(resultCode: code, message: "m")) == .damaged("m")
        )
    }

    @Test(arguments: [ResultCode.SQLITE_BUSY, .SQLITE_NOMEM, .SQLITE_CANTOPEN])
    func `what could not be tried is not damaged`(code: ResultCode) {
        #expect(
            DamageSearch.verdict(DatabaseError(resultCode: code, message: "m")) == .unfinished("m")
        )
    }

    @Test func `a search for damage that finds none, or is stopped, changes nothing`() throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteJobStore(folder: folder.path)
        let id = try first.add(submission(1)).id
        for _ in 1...20 {
            let store = try SQLiteJobStore(folder: try image(of: folder).path, checkedBytes: 0)
            try store.probe()
            #expect(try store.job(id).id == id)
            store.close()
        }
        first.close()
    }
}
