import Foundation
import GRDB
import Jobs
import Synchronization
import Testing

@testable import JobsSQLite

@Suite struct SQLiteWriterTests {
    /// Runs work on so many threads at once, and waits for all.
    private func inParallel(_ count: Int, _ work: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread {
                work(number)
                group.leave()
            }
        }
        group.wait()
    }

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

    @Test func `of many verbs at once each gets its own answer`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let wrong = Mutex(0)
        inParallel(24) { thread in
            for number in 0..<20 {
                let wanted = submission(thread * 100 + number)
                let accepted = Verb.accept(wanted, nil).run(on: store)
                let missing = Verb.delete(JobID(at: instant(0), random: 77)).run(on: store)
                guard case .acceptance(.created(let job)) = accepted, job.id == wanted.id,
                    case .error(let error) = missing, error.code == .notFound
                else {
                    wrong.withLock { $0 += 1 }
                    continue
                }
            }
        }
        #expect(wrong.withLock { $0 } == 0)
        #expect(try store.counts()[.queued] == 480)
    }

    @Test func `a verb that fails takes back its own writes and nobody else's`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let writer = SQLiteWriter(store.pool)
        defer { writer.close() }
        // One verb holds the thread until the others wait behind it, and so are one batch.
        let (entered, held) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            _ = try? writer.perform("hold", isDurable: false) { _ in
                entered.signal()
                held.wait()
            }
        }
        entered.wait()
        let outcomes = Mutex<[Int: Bool]>([:])
        let batch = Thread {
            self.inParallel(8) { number in
                let verb = { @Sendable (database: Database) throws in
                    try database.execute(
                        sql: "INSERT INTO probes VALUES (?, 0)",
                        arguments: [number + 10]
                    )
                    if number.isMultiple(of: 2) { throw UnexpectedAnswer() }
                }
                let isDone = (try? writer.perform("try", isDurable: true, verb)) != nil
                outcomes.withLock { $0[number] = isDone }
            }
            entered.signal()
        }
        batch.start()
        while writer.pendingCount < 8 { sched_yield() }
        held.signal()
        entered.wait()
        for number in 0..<8 {
            #expect(outcomes.withLock { $0[number] } == !number.isMultiple(of: 2))
        }
        let kept = try store.pool.read {
            try Int.fetchAll($0, sql: "SELECT id FROM probes WHERE id >= 10 ORDER BY id")
        }
        #expect(kept == [11, 13, 15, 17])
    }

    @Test(arguments: [false, true])
    func `a refusal runs no verb twice, a torn verb runs its batch again`(isTorn: Bool) throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let writer = SQLiteWriter(store.pool)
        defer { writer.close() }
        let runs = Mutex<[Int: Int]>([:])
        let outcomes = Mutex<[Int: Bool]>([:])
        // One verb is alone and holds the thread, so that the others are one batch.
        let (entered, held) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        writer.perform(
            "hold",
            isDurable: false,
            { _ in
                entered.signal()
                held.wait()
            },
            then: { _ in }
        )
        entered.wait()
        let answered = DispatchGroup()
        for number in 0..<4 {
            answered.enter()
            writer.perform(
                "try",
                isDurable: true,
                { database in
                    runs.withLock { $0[number, default: 0] += 1 }
                    if number == 2, !isTorn { throw UnexpectedAnswer() }
                    try database.run("INSERT INTO probes VALUES (?, 0)", [number + 10])
                    if number == 2 { throw UnexpectedAnswer() }
                },
                then: { outcome in
                    let isDone = if case .success = outcome { true } else { false }
                    outcomes.withLock { $0[number] = isDone }
                    answered.leave()
                }
            )
        }
        held.signal()
        answered.wait()
        #expect(outcomes.withLock { $0 } == [0: true, 1: true, 2: false, 3: true])
        let expected = isTorn ? [0: 2, 1: 2, 2: 2, 3: 1] : [0: 1, 1: 1, 2: 1, 3: 1]
        #expect(runs.withLock { $0 } == expected)
        let kept = try store.pool.read {
            try Int.fetchAll($0, sql: "SELECT id FROM probes WHERE id >= 10 ORDER BY id")
        }
        #expect(kept == [10, 11, 13])
    }

    @Test func `commits are counted, and are not settled while one is under way`() throws {
        let store = try SQLiteJobStore(folder: try TemporaryFolder().path)
        let before = try #require(store.settledCommits)
        try store.add(submission(1))
        let after = try #require(store.settledCommits)
        #expect(after > before)
        _ = try store.counts()
        #expect(store.settledCommits == after)
        let writer = SQLiteWriter(store.pool)
        defer { writer.close() }
        try writer.perform("look", isDurable: false) { _ in
            if writer.settledCommits != nil { throw UnexpectedAnswer() }
        }
        #expect(writer.settledCommits == 1)
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
