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

    /// How a verb fails: with a refusal of its own, after it has written, or by its first statement, which may
    /// have left something that counts as no change.
    enum VerbFailure { case refusal, torn, statement }

    @Test(arguments: [VerbFailure.refusal, .torn, .statement])
    func `a refusal runs no verb twice, a torn verb runs its batch again`(
        failure: VerbFailure
    ) throws {
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
                    if number == 2, failure == .refusal { throw UnexpectedAnswer() }
                    if number == 2, failure == .statement {
                        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
                    }
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
        let isOnce = failure == .refusal
        let expected = isOnce ? [0: 1, 1: 1, 2: 1, 3: 1] : [0: 2, 1: 2, 2: 2, 3: 1]
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
}
