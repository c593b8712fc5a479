import Dispatch
import GRDB
import Jobs

/// How the verbs of a batch are kept from each other's failures.
enum BatchMode {
    /// A verb that fails has written nothing before: what nearly all refusals are. One that has, or whose
    /// statement failed, fails the attempt with ``PartialWrite``.
    case direct
    /// Each verb is in a savepoint. SQLite then copies every page that a verb is the first to change.
    case guarded
}

/// A verb failed after it had written something, or may have; its batch must be run again with savepoints.
struct PartialWrite: Error {}

/// A verb on its way through the writer.
protocol PendingVerb: Sendable {
    /// Whether its batch must reach the disk before it is answered.
    var isDurable: Bool { get }

    /// Does the verb's work inside the batch's transaction, and keeps the outcome for later.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - mode: How others are kept from a failure; `nil` for a verb that is alone in its batch.
    /// - Throws: What leaves no transaction to go on with, or `PartialWrite`; of a verb that is alone, any
    ///   failure.
    func perform(in database: Database, _ mode: BatchMode?) throws

    /// Tells the caller, who waits, the outcome; or the failure of the batch, if it has one.
    func answer(batchFailure: (any Error)?)
}

/// A verb with the type of its answer.
///
/// Its body may be run a second time, after the first was rolled back.
///
/// `@unchecked`: `outcome` is read and written by the writer's thread alone.
final class TypedVerb<Answer: Sendable>: PendingVerb, @unchecked Sendable {
    let isDurable: Bool
    private let body: @Sendable (Database) throws -> Answer
    private let answered: @Sendable (Result<Answer, any Error>) -> Void
    private var outcome: Result<Answer, any Error>?

    /// A verb that calls `answered` once, on the writer's thread.
    init(
        isDurable: Bool,
        _ body: @escaping @Sendable (Database) throws -> Answer,
        answered: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        self.isDurable = isDurable
        self.body = body
        self.answered = answered
    }

    /// Keeps a failure of the body from the neighbours.
    ///
    /// It takes back what this verb wrote and nothing else. Where SQLite has answered a
    /// failure by ending the whole transaction, as it may on a full disk, the batch has failed.
    func perform(in database: Database, _ mode: BatchMode?) throws {
        switch mode {
        case nil: outcome = .success(try body(database))
        case .direct: try performDirectly(in: database)
        case .guarded: try performGuarded(in: database)
        }
    }

    private func performDirectly(in database: Database) throws {
        let changes = database.totalChangesCount
        do {
            outcome = .success(try body(database))
        } catch {
            guard database.isInsideTransaction else { throw error }
            // A statement that fails in the middle, at a damaged page say, counts no changes and can leave some.
            guard !(error is DatabaseError), database.totalChangesCount == changes else {
                throw PartialWrite()
            }
            outcome = .failure(error)
        }
    }

    private func performGuarded(in database: Database) throws {
        try database.run("SAVEPOINT verb")
        do {
            outcome = .success(try body(database))
        } catch {
            guard database.isInsideTransaction else { throw error }
            outcome = .failure(error)
            try database.run("ROLLBACK TRANSACTION TO SAVEPOINT verb")
        }
        try database.run("RELEASE SAVEPOINT verb")
    }

    func answer(batchFailure: (any Error)?) {
        if let batchFailure {
            outcome = .failure(batchFailure)
        }
        guard let outcome else { preconditionFailure("a verb was answered without an outcome") }
        answered(outcome)
    }
}

/// A place where one thread waits for another's answer.
///
/// `@unchecked`: the answer is written before `arrived` is signalled, and read after waiting for that.
final class AnswerBox<Answer: Sendable>: @unchecked Sendable {
    private let arrived = DispatchSemaphore(value: 0)
    private var answer: Answer?

    func put(_ answer: Answer) {
        self.answer = answer
        arrived.signal()
    }

    /// Blocks until the answer is there.
    func wait() -> Answer {
        arrived.wait()
        guard let answer else { preconditionFailure("an answer was signalled and is not there") }
        return answer
    }
}
