import Foundation

/// A bounded set of threads with a bounded queue, for handlers that may block.
///
/// A thread starts when work waits and none is idle, up to the limit, and stays.
///
/// One thread at a time is on its way: it calls the next when it has taken work and more waits. Where the
/// processors are busy, threads that run take what comes, and none is woken to find nothing.
final class HandlerPool: Sendable {
    private struct State {
        /// What was taken is nil, so that a request is not kept alive by the queue.
        var waiting: [(@Sendable () -> Void)?] = []
        /// The first of `waiting` that was not taken.
        var next = 0
        var threads = 0
        var idle = 0
        /// Whether a thread was called that has not looked at the queue yet.
        var isCalling = false
        var isStopped = false

        var waitingCount: Int { waiting.count - next }
    }

    private let name: String
    private let threadLimit: Int
    private let queueLimit: Int
    private let condition = NSCondition()
    // Guarded by `condition`.
    nonisolated(unsafe) private var state = State()

    init(name: String, threads: Int, queueLimit: Int) {
        self.name = name
        threadLimit = threads
        self.queueLimit = queueLimit
    }

    /// The pieces of work that wait, and those that run.
    var load: (waiting: Int, running: Int) {
        condition.withLock { (state.waitingCount, state.threads - state.idle) }
    }

    /// Takes work; false when the queue is full or the pool has stopped.
    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !state.isStopped, state.waitingCount < queueLimit else { return false }
        state.waiting.append(work)
        call()
        return true
    }

    /// Wakes or starts a thread for what waits, unless one is on its way; the lock must be held.
    private func call() {
        guard !state.isCalling, state.waitingCount > 0 else { return }
        if state.idle > 0 {
            state.isCalling = true
            condition.signal()
        } else if state.threads < threadLimit {
            state.isCalling = true
            state.threads += 1
            startThread()
        }
    }

    /// Lets the threads end when the queue is empty; takes nothing more.
    func stop() {
        condition.withLock {
            state.isStopped = true
            condition.broadcast()
        }
    }

    private func startThread() {
        let thread = Thread { [self] in
            condition.withLock { state.isCalling = false }
            while let work = take() { work() }
        }
        thread.name = name
        thread.stackSize = 1_024 * 1_024
        thread.start()
    }

    private func take() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while state.waitingCount == 0 {
            if state.isStopped {
                state.threads -= 1
                return nil
            }
            state.idle += 1
            condition.wait()
            state.idle -= 1
            state.isCalling = false
        }
        let work = state.waiting[state.next]
        state.waiting[state.next] = nil
        state.next += 1
        if state.next == state.waiting.count || state.next > 1_024 {
            state.waiting.removeSubrange(0..<state.next)
            state.next = 0
        }
        call()
        return work
    }
}
