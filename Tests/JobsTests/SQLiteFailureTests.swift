import Foundation
import GRDB
import Jobs
import Synchronization
import Testing

@testable import JobsSQLite

@Suite struct SQLiteFailureTests {
    /// Fails commits with an error of SQLite, while it is told to.
    private final class CommitBreaker: TransactionObserver, Sendable {
        let failure = Mutex<ResultCode?>(nil)

        func observes(eventsOfKind kind: DatabaseEventKind) -> Bool { true }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseWillCommit() throws {
            if let code = failure.withLock({ $0 }) { throw DatabaseError(resultCode: code) }
        }
        func databaseDidCommit(_ database: Database) {}
        func databaseDidRollback(_ database: Database) {}
    }

    @Test func `a failed commit is a failure of its verbs, and nothing of them is kept`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let breaker = CommitBreaker()
        store.pool.add(transactionObserver: breaker)
        breaker.failure.withLock { $0 = .SQLITE_FULL }
        #expect(JobStoreError.Code.noSpace.isThrown { try store.add(submission(1)) })
        #expect(JobStoreError.Code.noSpace.isThrown { try store.probe() })
        breaker.failure.withLock { $0 = nil }
        try store.probe()
        #expect(try store.counts()[.queued] == 0)
        try store.add(submission(1))
    }

    @Test func `what waits while the store closes is refused where the disk fails meanwhile`()
        throws
    {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let writer = SQLiteWriter(store.pool)
        let (entered, held) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let hold = { @Sendable (_: Database) in
            entered.signal()
            held.wait()
        }
        writer.perform("hold", isDurable: false, hold, then: { _ in })
        entered.wait()
        let outcome = Mutex<Result<Void, JobStoreError>?>(nil)
        let write = { @Sendable (database: Database) throws in
            try database.run("INSERT INTO probes VALUES (10, 0)")
        }
        writer.perform("wait", isDurable: true, write) { answer in
            outcome.withLock { $0 = answer }
        }
        let closed = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            writer.close()
            closed.signal()
        }
        while !writer.isClosed { sched_yield() }
        writer.refuse("the disk failed")
        held.signal()
        closed.wait()
        let answer = try #require(outcome.withLock { $0 })
        #expect(JobStoreError.Code.unavailable.isThrown { try answer.get() })
        let kept = try store.pool.read {
            try Int.fetchAll($0, sql: "SELECT id FROM probes WHERE id = 10")
        }
        #expect(kept.isEmpty)
    }

    @Test func `after a failed disk nothing is written any more`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let kept = try store.add(submission(1))
        let breaker = CommitBreaker()
        store.pool.add(transactionObserver: breaker)
        breaker.failure.withLock { $0 = .SQLITE_IOERR_FSYNC }
        let code = JobStoreError.Code.unavailable
        #expect(code.isThrown { try store.add(submission(2)) })
        breaker.failure.withLock { $0 = nil }
        #expect(code.isThrown { try store.add(submission(2)) })
        #expect(code.isThrown { try store.probe() })
        #expect(try store.jobs(JobQuery()).jobs == [kept])
        // What the disk kept is to be looked at, also after a clean close.
        store.close()
        #expect(DoubtMark(of: store.pool.path).isSet)
    }

    /// Makes a file's writes fail, by descriptors for reading alone in the places of those that are open.
    private func forbidWriting(to path: String) throws {
        let path = URL(filePath: path).resolvingSymlinksInPath().path
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            // One that was closed meanwhile leads nowhere.
            let link = "/proc/self/fd/\(name)"
            guard let descriptor = Int32(name),
                (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == path
            else { continue }
            let other = open(path, O_RDONLY | O_CLOEXEC)
            #expect(dup2(other, descriptor) == descriptor)
            #expect(fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0)
            close(other)
        }
    }

    @Test func `a disk that fails as the log is taken into the file ends the writing`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        try forbidWriting(to: store.pool.path)
        // The log is written still; it is taken into the file at 16 MiB.
        var accepted = 0
        var refusal: JobStoreError?
        while refusal == nil, accepted < 64 {
            let large = JobSubmission(
                id: JobID(at: instant(2), random: UInt64(accepted)),
                kind: "train",
                specification: [UInt8](repeating: 1, count: 1 << 20),
                totalSteps: 1,
                at: instant(2)
            )
            do {
                _ = try store.accept(large)
                accepted += 1
            } catch {
                refusal = error
            }
        }
        #expect((10..<20).contains(accepted))
        #expect(refusal?.code == .unavailable)
        #expect(refusal?.detail.contains("failed: disk I/O error") == true)
        // What was answered is there.
        #expect(try store.counts()[.queued] == accepted)
        #expect(JobStoreError.Code.unavailable.isThrown { try store.probe() })
        store.close()
        #expect(DoubtMark(of: store.pool.path).isSet)
    }

    @Test func `a full disk fails the verb that meets it`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        try store.add(submission(1))
        try store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let large = JobSubmission(
            id: JobID(at: instant(2), random: 2),
            kind: "train",
            specification: [UInt8](repeating: 1, count: 1 << 20),
            totalSteps: 1,
            at: instant(2)
        )
        #expect(JobStoreError.Code.noSpace.isThrown { _ = try store.accept(large) })
        #expect(try store.counts()[.queued] == 1)
        try store.probe()
    }

    @Test func `a durable batch flushes the log and a relaxed one does not`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        func mode() throws -> Int? {
            try store.pool.writeWithoutTransaction {
                try Int.fetchOne($0, sql: "PRAGMA synchronous")
            }
        }
        let (normal, full) = (1, 2)
        try store.add(submission(1))
        #expect(try mode() == full)
        _ = try store.take(request("r", at: 2))
        #expect(try mode() == normal)
        _ = try store.act(.cancel, on: submission(1).id, at: instant(3))
        #expect(try mode() == full)
    }
}
