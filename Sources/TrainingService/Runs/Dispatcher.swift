internal import Foundation
internal import TrainingAPI

/// The workers that wait for a job, and the one thread that serves them, first come, first served.
final class Dispatcher: Sendable {
    /// A worker that waits.
    struct Waiter: Sendable {
        /// What it asked for.
        let request: TrainingAPI.LeaseRequest
        /// Until when it waits.
        let deadline: ContinuousClock.Instant
        /// Whether it still listens.
        let isOpen: @Sendable () -> Bool
        /// Answers it; `nil` is that there is no job.
        let answer: @Sendable (Result<TrainingAPI.LeasedJob?, any Error>) -> Void
    }

    private struct State {
        var waiters: [Waiter] = []
        var hasNews = false
        var isClosed = false
    }

    // Guarded by `condition`.
    nonisolated(unsafe) private var state = State()
    private let condition = NSCondition()

    /// Starts the thread that serves waiters.
    ///
    /// - Parameter serve: Tries to find a job for a waiter, on the thread, and answers the waiter where
    ///   there is one; tells whether it was answered.
    func start(serve: @escaping @Sendable (Waiter) -> Bool) {
        let thread = Thread { [self] in run(serve) }
        thread.name = "dispatcher"
        thread.start()
    }

    /// Lets a worker wait.
    func wait(_ waiter: Waiter) {
        condition.lock()
        defer { condition.unlock() }
        guard !state.isClosed else { return waiter.answer(.success(nil)) }
        state.waiters.append(waiter)
        // A job may have come since the worker's own try.
        state.hasNews = true
        condition.signal()
    }

    /// Tells that a job may be there for somebody.
    func jobArrived() {
        condition.lock()
        defer { condition.unlock() }
        guard !state.waiters.isEmpty else { return }
        state.hasNews = true
        condition.signal()
    }

    /// Lets go of the waiters of a worker that has ended.
    func forget(_ worker: String) {
        condition.lock()
        defer { condition.unlock() }
        state.waiters.removeAll { $0.request.worker == worker }
    }

    /// Answers every waiter that there is no job, and ends the thread.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        state.isClosed = true
        for waiter in state.waiters { waiter.answer(.success(nil)) }
        state.waiters = []
        condition.signal()
    }

    private func run(_ serve: (Waiter) -> Bool) {
        while let waiter = next() {
            if !serve(waiter) { putBack(waiter) }
        }
    }

    /// The next waiter to try; blocks until there is news for one.
    private func next() -> Waiter? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            endWaits()
            if state.isClosed { return nil }
            if state.hasNews, !state.waiters.isEmpty { return state.waiters.removeFirst() }
            let now = ContinuousClock.now
            let wait = state.waiters.map(\.deadline).min().map { $0 - now } ?? .seconds(3_600)
            _ = condition.wait(until: Date(timeIntervalSinceNow: wait.inSeconds))
        }
    }

    /// Answers the waiters whose time is over, and drops those that no longer listen.
    private func endWaits() {
        let now = ContinuousClock.now
        for waiter in state.waiters where waiter.deadline <= now { waiter.answer(.success(nil)) }
        state.waiters.removeAll { $0.deadline <= now || !$0.isOpen() }
    }

    private func putBack(_ waiter: Waiter) {
        condition.lock()
        defer { condition.unlock() }
        state.hasNews = false
        if state.isClosed {
            waiter.answer(.success(nil))
        } else {
            state.waiters.insert(waiter, at: 0)
        }
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
