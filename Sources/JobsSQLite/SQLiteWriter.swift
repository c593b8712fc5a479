import Dispatch
import Foundation
import GRDB
import Jobs
import Synchronization

/// The one thread that writes to the database.
///
/// It takes all verbs that wait, runs them in one transaction, commits once, and then answers them: a group
/// shares one wait for the disk. Several writers would starve each other at SQLite's lock. A verb that fails
/// leaves the others' work alone: mostly it has written nothing; where it has, all are run again, each in
/// its savepoint.
///
/// **Durable and relaxed.** In WAL mode `synchronous = FULL` flushes the log at each commit and
/// `NORMAL` leaves that to the next checkpoint; either way a commit is in the kernel's hands, so
/// that it outlives the process. The writer sets the one or the other between transactions, by
/// whether the batch holds a durable verb. A flush carries the whole log, so that a durable commit
/// also makes durable every relaxed one before it: after a power failure the store is as it was
/// after some commit, never with an earlier one missing.
final class SQLiteWriter: Sendable {
    private struct State {
        var pending: [any PendingVerb] = []
        /// Why nothing is written any more: what a disk that failed says from then on cannot be believed.
        var failure: String?
        /// Whether no more verbs are taken, and the thread ends once it has answered those that wait.
        var isClosed = false
    }

    private let pool: DatabasePool
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)
    /// How often a batch has begun or ended: odd while one runs.
    private let turns = Atomic(0)

    /// Starts the thread, which ends with `close`; the pool must live until then.
    init(_ pool: DatabasePool) {
        self.pool = pool
        let thread = Thread { [self] in run() }
        thread.name = "jobs-writer"
        thread.start()
    }

    /// Runs one verb with those that others wait for, and blocks until it is committed.
    func perform<Answer: Sendable>(
        _ operation: String,
        isDurable: Bool,
        _ body: @escaping @Sendable (Database) throws -> Answer
    ) throws(JobStoreError) -> Answer {
        let box = AnswerBox<Result<Answer, JobStoreError>>()
        perform(operation, isDurable: isDurable, body) { box.put($0) }
        return try box.wait().get()
    }

    /// Runs one verb with those that others wait for, and calls `answer` once it is committed or refused.
    ///
    /// The call comes on the writer's thread, which does nothing else meanwhile; or on the caller's, where no
    /// verb is taken any more.
    func perform<Answer: Sendable>(
        _ operation: String,
        isDurable: Bool,
        _ body: @escaping @Sendable (Database) throws -> Answer,
        then answer: @escaping @Sendable (Result<Answer, JobStoreError>) -> Void
    ) {
        let verb = TypedVerb(isDurable: isDurable, body) { [path = pool.path] outcome in
            answer(outcome.mapError { JobStoreError($0, in: operation, at: path) })
        }
        let refusal = state.withLock { state -> String? in
            if state.isClosed { return "the store is closed" }
            if let failure = state.failure { return failure }
            state.pending.append(verb)
            if state.pending.count == 1 {
                wake.signal()
            }
            return nil
        }
        if let refusal {
            answer(.failure(.unavailable(operation, because: refusal)))
        }
    }

    /// How many batches were committed, or tried to be; nil while one is.
    var settledCommits: Int? {
        let turns = turns.load(ordering: .acquiring)
        return turns.isMultiple(of: 2) ? turns / 2 : nil
    }

    /// How many verbs wait for the batch that runs now.
    var pendingCount: Int {
        state.withLock { $0.pending.count }
    }

    /// Whether no more verbs are taken.
    var isClosed: Bool {
        state.withLock(\.isClosed)
    }

    /// Finishes what waits, takes nothing more, and returns when the thread is done.
    func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
        finished.wait()
    }

    private func run() {
        var synchronous: String?
        while true {
            wake.wait()
            let (batch, refusal, isClosed) = state.withLock { state in
                defer { state.pending = [] }
                return (state.pending, state.failure, state.isClosed)
            }
            var failure: (any Error)?
            if let refusal {
                failure = JobStoreError.unavailable("write", because: refusal)
            } else if !batch.isEmpty {
                failure = commit(batch, &synchronous)
            }
            for verb in batch {
                verb.answer(batchFailure: failure)
            }
            if isClosed {
                finished.signal()
                return
            }
        }
    }

    /// Runs a batch in one transaction.
    ///
    /// - Parameters:
    ///   - batch: At least one verb, in order of arrival.
    ///   - synchronous: The mode that the connection is in.
    /// - Returns: Nil for a batch that is committed.
    private func commit(_ batch: [any PendingVerb], _ synchronous: inout String?) -> (any Error)? {
        let mode = batch.contains { $0.isDurable } ? "FULL" : "NORMAL"
        turns.add(1, ordering: .acquiringAndReleasing)
        defer { turns.add(1, ordering: .acquiringAndReleasing) }
        do {
            try pool.writeWithoutTransaction { database in
                if synchronous != mode {
                    synchronous = nil
                    try database.execute(sql: "PRAGMA synchronous = \(mode)")
                    synchronous = mode
                }
                try database.beginTransaction(.immediate)
                do {
                    try perform(batch, in: database)
                    try database.commit()
                } catch {
                    if database.isInsideTransaction {
                        try database.rollback()
                    }
                    throw error
                }
            }
            return nil
        } catch {
            noteFailure(error)
            return error
        }
    }

    /// Does the work of a batch inside its transaction.
    private func perform(_ batch: [any PendingVerb], in database: Database) throws {
        do {
            for verb in batch { try verb.perform(in: database, batch.count == 1 ? nil : .direct) }
        } catch is PartialWrite {
            try database.rollback()
            try database.beginTransaction(.immediate)
            for verb in batch { try verb.perform(in: database, .guarded) }
        }
    }

    /// Ends the writing for good where that is the only safe answer.
    ///
    /// A full disk may have room again later, and nothing of the batch was kept. After any other
    /// failure of reading or writing the kernel may have dropped pages that it said to have kept.
    private func noteFailure(_ error: any Error) {
        guard let error = error as? DatabaseError, error.resultCode == .SQLITE_IOERR else { return }
        refuse("\(pool.path) failed: \(error.message ?? "input or output error")")
        // A disk that failed may not take the mark; the log that is left says the same until a clean close.
        try? DoubtMark(of: pool.path).set()
    }

    /// Takes the file for sound from now on, unless the writing has ended.
    func endDoubt() {
        state.withLock { state in
            guard state.failure == nil else { return }
            DoubtMark(of: pool.path).clear()
        }
    }

    /// Ends the writing for good, for a reason; what waits is refused, also while the store closes.
    func refuse(_ reason: String) {
        state.withLock { state in
            guard state.failure == nil else { return }
            state.failure = reason + "; nothing is written until the server starts again"
        }
    }
}
