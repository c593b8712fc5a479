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

    /// What decides which jobs a worker can do.
    private struct Ability: Hashable {
        let kinds: Set<String>
        let environment: String?
        let gpus: [GPUBody]

        init(of request: TrainingAPI.LeaseRequest) {
            kinds = Set(request.kinds)
            environment = request.environment
            gpus = request.gpus
        }
    }

    /// A waiter with its place in the order of arrival.
    private struct Place {
        let number: Int
        let waiter: Waiter
    }

    private struct State {
        var places: [Place] = []
        var arrivals = 0
        /// Counts what may have brought a job.
        var news = 0
        /// The abilities for which there was no job since the last news.
        var exhausted: Set<Ability> = []
        var isClosed = false
    }

    // Guarded by `condition`.
    nonisolated(unsafe) private var state = State()
    private let condition = MonotonicCondition()

    /// Starts the thread that serves waiters.
    ///
    /// - Parameter serve: Tries to find a job for a waiter, on the thread, and answers the waiter where
    ///   there is one; tells whether it was answered.
    func start(serve: @escaping @Sendable (Waiter) -> Bool) {
        let thread = Thread { [self] in run(serve) }
        thread.name = "dispatcher"
        thread.start()
    }

    /// Lets a worker wait that has found no job itself.
    func wait(_ waiter: Waiter) {
        condition.lock()
        defer { condition.unlock() }
        guard !state.isClosed else { return waiter.answer(.success(nil)) }
        state.arrivals += 1
        state.places.append(Place(number: state.arrivals, waiter: waiter))
        noteNews()
    }

    /// Tells that a job may be there for somebody.
    func jobArrived() {
        condition.lock()
        defer { condition.unlock() }
        noteNews()
    }

    /// Lets go of the waiters of a worker that has ended.
    func forget(_ worker: String) {
        condition.lock()
        defer { condition.unlock() }
        state.places.removeAll { $0.waiter.request.worker == worker }
    }

    /// Answers every waiter that there is no job, and ends the thread.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        state.isClosed = true
        for place in state.places { place.waiter.answer(.success(nil)) }
        state.places = []
        condition.signal()
    }

    /// Makes every waiter be tried again; a new one too, since a job may have come after its own try.
    private func noteNews() {
        state.news += 1
        state.exhausted = []
        condition.signal()
    }

    private func run(_ serve: (Waiter) -> Bool) {
        while let (place, news) = next() {
            if !serve(place.waiter) { putBack(place, triedAt: news) }
        }
    }

    /// The next waiter to try, and the count of news then; blocks until there is one.
    private func next() -> (Place, news: Int)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            endWaits()
            if state.isClosed { return nil }
            let first = state.places.firstIndex { place in
                !state.exhausted.contains(Ability(of: place.waiter.request))
            }
            if let first { return (state.places.remove(at: first), state.news) }
            if let end = state.places.map(\.waiter.deadline).min() {
                condition.wait(until: end)
            } else {
                condition.wait()
            }
        }
    }

    /// Answers the waiters whose time is over, and drops those that no longer listen.
    private func endWaits() {
        let now = ContinuousClock.now
        for place in state.places where place.waiter.deadline <= now {
            place.waiter.answer(.success(nil))
        }
        state.places.removeAll { $0.waiter.deadline <= now || !$0.waiter.isOpen() }
    }

    /// Lets a waiter wait on at its old place; news that came while it was tried are for it too.
    private func putBack(_ place: Place, triedAt news: Int) {
        condition.lock()
        defer { condition.unlock() }
        guard !state.isClosed else { return place.waiter.answer(.success(nil)) }
        if state.news == news { state.exhausted.insert(Ability(of: place.waiter.request)) }
        let index = state.places.firstIndex { $0.number > place.number }
        state.places.insert(place, at: index ?? state.places.endIndex)
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
