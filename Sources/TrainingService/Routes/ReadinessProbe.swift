internal import Foundation
internal import Jobs
internal import TrainingAPI

/// Writes to the store to prove that it can, at most once a second.
///
/// A disk that hangs fails no write, it only never ends one. The write has a thread of its own, and whoever
/// asks waits for it only so long; so the answer comes, and says what is wrong, while every other request
/// waits.
final class ReadinessProbe: Sendable {
    /// How long an answer counts.
    private static let freshness = Duration.seconds(1)

    private let store: any JobStore
    private let patience: Duration
    private let condition = MonotonicCondition()
    // Guarded by `condition`: when the write that is under way began; nil where none is.
    nonisolated(unsafe) private var startedAt: ContinuousClock.Instant?
    // Guarded by `condition`: when the last write ended, and what it failed with.
    nonisolated(unsafe) private var endedAt: ContinuousClock.Instant?
    nonisolated(unsafe) private var failure: Problem?

    /// A probe that has not written yet.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - patience: How long a write may take; five seconds by default.
    init(_ store: any JobStore, patience: Duration = .seconds(5)) {
        self.store = store
        self.patience = patience
    }

    /// Throws where the store cannot be written.
    ///
    /// - Throws: `Problem` 503 with what the last write failed with, or where it takes longer than the
    ///   patience.
    func check() throws(Problem) {
        condition.lock()
        defer { condition.unlock() }
        if startedAt == nil, endedAt.map({ .now - $0 >= Self.freshness }) ?? true { begin() }
        while let startedAt {
            let deadline = startedAt + patience
            guard deadline > .now else {
                let seconds = (.now - startedAt).components.seconds
                throw Problem(
                    status: 503,
                    detail: "The store has not finished a write for \(max(seconds, 1)) s."
                )
            }
            condition.wait(until: deadline)
        }
        if let failure { throw failure }
    }

    /// Starts a write; the lock must be held.
    private func begin() {
        startedAt = .now
        let thread = Thread { [self] in
            let failure = write()
            condition.lock()
            self.failure = failure
            startedAt = nil
            endedAt = .now
            condition.broadcast()
            condition.unlock()
        }
        thread.name = "readiness"
        thread.start()
    }

    private func write() -> Problem? {
        do {
            try store.probe()
            return nil
        } catch {
            return Problem(status: 503, detail: Problem(mapping: error).detail)
        }
    }
}
