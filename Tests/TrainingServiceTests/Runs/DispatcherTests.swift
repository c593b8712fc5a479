import Synchronization
import Testing
import TrainingAPI

@testable import TrainingService

/// What happens to waiters, in order: `tried NAME`, `served NAME`, `none NAME`.
private final class Log: Sendable {
    let events: AsyncStream<String>
    private let feed: AsyncStream<String>.Continuation

    init() {
        (events, feed) = AsyncStream.makeStream()
    }

    func note(_ event: String) {
        feed.yield(event)
    }

    /// The next events.
    func next(_ count: Int) async -> [String] {
        var found: [String] = []
        for await event in events {
            found.append(event)
            if found.count == count { break }
        }
        return found
    }

    func waiter(
        _ name: String,
        kinds: [String] = ["train"],
        deadline: ContinuousClock.Instant = .now + .seconds(3_600),
        isOpen: @escaping @Sendable () -> Bool = { true }
    ) -> Dispatcher.Waiter {
        var request = TrainingAPI.LeaseRequest.test(name)
        request.kinds = kinds
        return Dispatcher.Waiter(request: request, deadline: deadline, isOpen: isOpen) { result in
            if case .success(nil) = result { self.note("none \(name)") }
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct DispatcherTests {
    private let dispatcher = Dispatcher()
    private let log = Log()

    /// Serves a waiter as often as there are jobs of its kind, after `work`.
    private func start(
        jobs: [String: Int],
        work: @escaping @Sendable (_ name: String, _ tries: Int) -> Void = { _, _ in }
    ) {
        let left = Mutex(jobs)
        let tries = Mutex(0)
        let log = log
        dispatcher.start { waiter in
            let name = waiter.request.worker
            log.note("tried \(name)")
            let kind = waiter.request.kinds[0]
            let isServed = left.withLock { left in
                guard left[kind, default: 0] > 0 else { return false }
                left[kind, default: 0] -= 1
                return true
            }
            work(
                name,
                tries.withLock {
                    $0 += 1; return $0
                }
            )
            if isServed { log.note("served \(name)") }
            return isServed
        }
    }

    @Test func `serves waiters in the order in which they came`() async {
        for name in ["a", "b", "c"] { dispatcher.wait(log.waiter(name)) }
        start(jobs: ["train": 2])
        #expect(
            await log.next(5) == ["tried a", "served a", "tried b", "served b", "tried c"]
        )
        dispatcher.close()
        #expect(await log.next(1) == ["none c"])
    }

    @Test func `tries a waiter again for a job that came while it was tried`() async {
        dispatcher.wait(log.waiter("a"))
        start(jobs: [:]) { [dispatcher] _, tries in
            if tries == 1 { dispatcher.jobArrived() }
        }
        #expect(await log.next(2) == ["tried a", "tried a"])
        dispatcher.close()
        #expect(await log.next(1) == ["none a"])
    }

    @Test func `tries those behind one for whom there is no job of its kind`() async {
        dispatcher.wait(log.waiter("a", kinds: ["command"]))
        dispatcher.wait(log.waiter("b", kinds: ["train"]))
        start(jobs: ["train": 1])
        #expect(await log.next(3) == ["tried a", "tried b", "served b"])
        dispatcher.jobArrived()
        #expect(await log.next(1) == ["tried a"])
        dispatcher.close()
    }

    @Test func `asks once for all who can do the same, and keeps their order`() async {
        dispatcher.wait(log.waiter("a"))
        dispatcher.wait(log.waiter("b"))
        start(jobs: [:])
        #expect(await log.next(1) == ["tried a"])
        dispatcher.jobArrived()
        #expect(await log.next(1) == ["tried a"])
        dispatcher.close()
        #expect(await log.next(2) == ["none a", "none b"])
    }

    @Test func `answers a waiter whose time is over without trying it`() async {
        dispatcher.wait(log.waiter("late", deadline: .now))
        start(jobs: ["train": 1])
        #expect(await log.next(1) == ["none late"])
        dispatcher.close()
    }

    @Test func `answers a waiter at its deadline when no job comes`() async {
        start(jobs: [:])
        dispatcher.wait(log.waiter("a", deadline: .now + .milliseconds(1)))
        var events = await log.next(1)
        if events == ["tried a"] { events = await log.next(1) }
        #expect(events == ["none a"])
        dispatcher.close()
    }

    @Test func `drops a waiter that no longer listens`() async {
        dispatcher.wait(log.waiter("gone", isOpen: { false }))
        dispatcher.wait(log.waiter("here"))
        start(jobs: ["train": 1])
        #expect(await log.next(2) == ["tried here", "served here"])
        dispatcher.close()
    }

    @Test func `forgets the waiters of a worker that has ended`() async {
        dispatcher.wait(log.waiter("dead"))
        dispatcher.wait(log.waiter("alive"))
        dispatcher.forget("dead")
        start(jobs: ["train": 1])
        #expect(await log.next(2) == ["tried alive", "served alive"])
        dispatcher.close()
    }

    @Test func `answers at once after it was closed`() async {
        start(jobs: ["train": 1])
        dispatcher.close()
        dispatcher.wait(log.waiter("a"))
        #expect(await log.next(1) == ["none a"])
    }

    @Test func `answers a waiter that was being tried when it was closed`() async {
        dispatcher.wait(log.waiter("a"))
        start(jobs: [:]) { [dispatcher] _, _ in dispatcher.close() }
        #expect(await log.next(2) == ["tried a", "none a"])
    }
}
