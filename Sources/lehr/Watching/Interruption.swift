import Dispatch
import Foundation

/// Ctrl-C, for what can be left without harm.
enum Interruption {
    /// The person pressed Ctrl-C.
    struct Interrupted: Error {}

    /// Runs `body` until it ends or Ctrl-C is pressed, which cancels it.
    ///
    /// - Throws: `Interrupted` after Ctrl-C; else what `body` throws.
    static func leaving<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let (presses, feed) = AsyncStream.makeStream(of: Void.self)
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { @Sendable in feed.yield() }
        // A signal that comes before the source is registered would be lost, since it is ignored by then.
        await withCheckedContinuation { continuation in
            source.setRegistrationHandler { continuation.resume() }
            source.resume()
        }
        defer {
            source.cancel()
            signal(SIGINT, SIG_DFL)
        }
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: body)
            group.addTask {
                for await _ in presses { throw Interrupted() }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
