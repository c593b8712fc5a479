import Dispatch
import GRDB
import Jobs

/// A verb on its way through the writer.
protocol PendingVerb: Sendable {
    /// Whether its batch must reach the disk before it is answered.
    var isDurable: Bool { get }

    /// Does the verb's work inside the batch's transaction, and keeps the outcome for later.
    ///
    /// - Throws: Only what leaves no transaction to go on with.
    func perform(in database: Database) throws

    /// Tells the caller, who waits, the outcome; or the failure of the batch, if it has one.
    func answer(batchFailure: (any Error)?)
}

/// A verb with the type of its answer.
///
/// `@unchecked`: `outcome` is written by the writer's thread alone, before it signals `answered`,
/// and read by the caller alone, after waiting for that signal.
final class TypedVerb<Answer: Sendable>: PendingVerb, @unchecked Sendable {
    let isDurable: Bool
    private let body: @Sendable (Database) throws -> Answer
    private let answered = DispatchSemaphore(value: 0)
    private var outcome: Result<Answer, any Error>?

    init(isDurable: Bool, _ body: @escaping @Sendable (Database) throws -> Answer) {
        self.isDurable = isDurable
        self.body = body
    }

    /// Keeps a failure of the body from the neighbours.
    ///
    /// It takes back what this verb wrote and nothing else. Where SQLite has answered a
    /// failure by ending the whole transaction, as it may on a full disk, the batch has failed.
    func perform(in database: Database) throws {
        try database.cachedStatement(sql: "SAVEPOINT verb").execute()
        do {
            outcome = .success(try body(database))
        } catch {
            guard database.isInsideTransaction else { throw error }
            outcome = .failure(error)
            try database.cachedStatement(sql: "ROLLBACK TRANSACTION TO SAVEPOINT verb").execute()
        }
        try database.cachedStatement(sql: "RELEASE SAVEPOINT verb").execute()
    }

    func answer(batchFailure: (any Error)?) {
        if let batchFailure {
            outcome = .failure(batchFailure)
        }
        answered.signal()
    }

    /// Blocks until the verb is answered.
    func wait() throws -> Answer {
        answered.wait()
        guard let outcome else { preconditionFailure("a verb was answered without an outcome") }
        return try outcome.get()
    }
}
