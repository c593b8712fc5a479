import Dispatch
import Foundation

/// A bounded set of threads with a bounded queue, for handlers that may block.
///
/// A thread starts when work waits and none is idle, up to the limit, and stays.
///
/// One thread at a time is on its way: it calls the next when it has taken work and more waits. Where the
/// processors are busy, threads that run take what comes, and none is woken to find nothing. A call that
/// nothing has come of for a while is lost, as where the system gave no thread, and is made again until one
/// has come.
final class HandlerPool: Sendable {
    private struct State {
        /// What was taken is nil, so that a request is not kept alive by the queue.
        var waiting: [(@Sendable () -> Void)?] = []
        /// The first of `waiting` that was not taken.
        var next = 0
        /// The threads that have begun.
        var threads = 0
        var idle = 0
        /// When a thread was called that has not looked at the queue yet; nil where none was.
        var called: ContinuousClock.Instant?
        var isStopped = false

        var waitingCount: Int { waiting.count - next }
    }

    /// How many milliseconds a thread that was called may take to come, on busy processors too.
    private static let patience = 100

    private let name: String
    private let threadLimit: Int
    private let queueLimit: Int
    private let start: @Sendable (Thread) -> Void
    private let condition = NSCondition()
    // Guarded by `condition`.
    nonisolated(unsafe) private var state = State()

    /// Makes a pool that has no thread yet.
    ///
    /// - Parameters:
    ///   - name: The name of its threads.
    ///   - threads: The most of them.
    ///   - queueLimit: The most pieces of work that wait.
    ///   - start: Starts a thread; where the system has none to give, nothing comes of it.
    init(
        name: String,
        threads: Int,
        queueLimit: Int,
        start: @escaping @Sendable (Thread) -> Void = { $0.start() }
    ) {
        self.name = name
        threadLimit = threads
        self.queueLimit = queueLimit
        self.start = start
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
        guard state.waitingCount > 0 else { return }
        if let called = state.called, .now < called + .milliseconds(Self.patience) { return }
        if state.idle > 0 {
            state.called = .now
            condition.signal()
        } else if state.threads < threadLimit {
            state.called = .now
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
            guard begin() else { return }
            while let work = take() { work() }
        }
        thread.name = name
        thread.stackSize = 1_024 * 1_024
        start(thread)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Self.patience)) {
            [weak self] in
            guard let self else { return }
            condition.withLock { call() }
        }
    }

    /// Counts the thread that has begun; whether it is wanted: one that was taken for lost may be too many.
    private func begin() -> Bool {
        condition.withLock {
            state.called = nil
            guard state.threads < threadLimit else { return false }
            state.threads += 1
            return true
        }
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
            state.called = nil
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
