internal import Foundation

/// The threads on which long answers are made, a piece at a time.
///
/// Whoever has more to make goes behind all others that have, so that no answer waits for the end of
/// another, however long that one is. A thread starts when work waits and none is idle, up to the limit, and
/// stays.
final class ExportPool: Sendable {
    /// The one of a server: at most two pieces are made at once, of all its answers together, so that of the
    /// store's four readers two are left to others.
    static let shared = ExportPool(threads: 2)

    private struct State {
        var due: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
    }

    private let threadLimit: Int
    private let condition = NSCondition()
    // Guarded by `condition`.
    nonisolated(unsafe) private var state = State()

    /// Makes a pool of up to `threads` threads, of which none runs yet.
    init(threads: Int) {
        precondition(threads > 0, "a pool has a thread at least")
        threadLimit = threads
    }

    /// Takes work, to be done after what was given before.
    ///
    /// - Parameter work: A short piece; how many wait is for its givers to bound.
    func add(_ work: @escaping @Sendable () -> Void) {
        condition.withLock {
            state.due.append(work)
            if state.idle >= state.due.count {
                condition.signal()
            } else if state.threads < threadLimit {
                state.threads += 1
                startThread()
            }
        }
    }

    private func startThread() {
        let thread = Thread { [self] in
            while true { take()() }
        }
        thread.name = "export"
        thread.start()
    }

    private func take() -> @Sendable () -> Void {
        condition.withLock {
            while state.due.isEmpty {
                state.idle += 1
                condition.wait()
                state.idle -= 1
            }
            return state.due.removeFirst()
        }
    }
}
