internal import Foundation

/// The one thread of a worker that computes.
///
/// Training blocks for minutes and binds libraries to its thread, so it stays off the shared pools.
final class TrainingThread: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var isOver = false
    }

    // Guarded by `condition`.
    nonisolated(unsafe) private var state = State()
    private let condition = NSCondition()

    /// Starts the thread; `prepare` runs on it first.
    init(prepare: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            prepare()
            while let work = next() { work() }
        }
        thread.name = "training"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Runs `work` on the thread, after what was given before, and waits for its result.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            condition.lock()
            defer { condition.unlock() }
            precondition(!state.isOver, "the training thread has ended")
            state.work.append { continuation.resume(returning: work()) }
            condition.signal()
        }
    }

    /// Ends the thread after what was given to it.
    func end() {
        condition.lock()
        defer { condition.unlock() }
        state.isOver = true
        condition.signal()
    }

    private func next() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while state.work.isEmpty, !state.isOver { condition.wait() }
        return state.work.isEmpty ? nil : state.work.removeFirst()
    }
}
