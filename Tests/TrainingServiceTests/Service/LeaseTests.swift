import HTTP
import Jobs
import Schedules
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct LeaseTests {
    private let test = TestService()

    /// A waiter whose answers are collected.
    private func waiter(
        _ request: TrainingAPI.LeaseRequest = .test(),
        isOpen: @escaping @Sendable () -> Bool = { true },
        answer: @escaping @Sendable (TrainingAPI.LeasedJob?) -> Void
    ) -> Dispatcher.Waiter {
        Dispatcher.Waiter(request: request, deadline: .now, isOpen: isOpen) { result in
            if case .success(let job) = result { answer(job) }
        }
    }

    @Test func `leases a job with the first rates of its schedule`() throws {
        let id = try test.submit()
        let job = try test.lease()
        let rates = try Sample.rates(#"{"type": "cosine", "learning_rate": 0.1}"#)
        #expect(job.jobID == id.description)
        #expect(job.fence == 1)
        #expect(job.termSeconds == 30)
        #expect(job.resumeStep == 0)
        #expect((job.totalSteps, job.stepsPerEpoch, job.evaluationInterval) == (90, 30, 30))
        #expect(job.grant.learningRates == (0..<90).map { rates.rate(at: $0) })
        #expect(try test.record(job).state == .running)
        #expect(try test.service.lease(.test("worker-2", id: "r2")) == nil)
    }

    @Test func `gives the same request the same lease and rates again`() throws {
        try test.submit()
        let first = try test.lease()
        let (second, isNew) = try #require(try test.service.lease(.test()))
        #expect(second == first)
        #expect(!isNew)
        #expect(test.service.counters.count(of: .leased) == 1)
    }

    @Test func `keeps what was reported where a lease is granted again`() throws {
        try test.submit()
        let job = try test.lease()
        _ = try test.report(Sample.report(1, 0..<90, of: job.grant), job)
        _ = try test.lease()
        _ = try test.report(Sample.report(2, 90..<90, of: job.grant), job)
        #expect(try test.record(job).step == 90)
    }

    @Test func `gives a job back whose worker left before the answer`() throws {
        let id = try test.submit()
        let questions = Mutex(0)
        let leaving = waiter(isOpen: {
            questions.withLock {
                $0 += 1; return $0 == 1
            }
        }) { _ in Issue.record("a worker that has left is answered") }
        #expect(test.service.serve(leaving))
        let record = try test.store.job(id)
        #expect(record.state == .queued)
        #expect(record.attempt == 0)
        #expect(record.fence == 1)
    }

    @Test func `lets a worker wait where there is no job`() throws {
        #expect(!test.service.serve(waiter { _ in Issue.record("there is no job") }))
        try test.submit()
        let answers = Mutex(0)
        #expect(test.service.serve(waiter { job in answers.withLock { $0 += job == nil ? 0 : 1 } }))
        #expect(answers.withLock { $0 } == 1)
    }

    @Test func `takes the job back that a local worker let go by asking for another`() throws {
        let instance = test.service.configuration.server.description
        try test.submit()
        let lost = try test.lease(.test(id: "r1", instance: instance))
        let again = try test.lease(.test(id: "r2", instance: instance))
        #expect(again.jobID == lost.jobID)
        #expect(again.fence == 2)
        #expect(
            try storeError { _ = try test.report(Sample.report(1, 0..<0, of: lost.grant), lost) }
                == .leaseLost
        )
    }

    @Test func `lets a worker of somebody else's hold several jobs`() throws {
        try test.submit()
        try test.submit()
        let first = try test.lease(.test(id: "r1"))
        let second = try test.lease(.test(id: "r2"))
        #expect(first.jobID != second.jobID)
        #expect(try test.record(first).state == .running)
    }

    @Test func `leases nothing while it stops, and says so`() throws {
        let id = try test.submit()
        test.service.drain()
        let problem = #expect(throws: Problem.self) { try test.service.lease(.test()) }
        #expect(problem?.status == 503)
        #expect(try test.store.job(id).state == .queued)
        #expect(try test.send(.get, "/readyz").status == .serviceUnavailable)
        #expect(try test.send(.get, "/livez").status == .ok)
    }

    @Test func `requeues at once what a local worker held that died`() throws {
        try test.submit()
        let job = try test.lease()
        test.service.localWorkerEnded("worker-1", detail: "was ended by signal 9")
        let record = try test.record(job)
        #expect(record.state == .queued)
        #expect((record.crashes, record.attempt) == (1, 0))
        #expect(test.service.runs.jobs.isEmpty)
        #expect(test.service.leases.expired(now: .now + .seconds(3_600)).isEmpty)
    }

    @Test func `counts no crash for a worker that dies because the server stops`() throws {
        try test.submit()
        let job = try test.lease()
        test.service.drain()
        test.service.localWorkerEnded("worker-1", detail: "was ended by signal 9")
        let record = try test.record(job)
        #expect(record.state == .queued)
        #expect((record.crashes, record.attempt) == (0, 0))
    }

    @Test func `requeues a job of whose worker nothing was heard for a term`() throws {
        try test.submit()
        let start = ContinuousClock.now
        let job = try test.lease()
        test.service.sweepLeases(now: start + .seconds(29))
        #expect(try test.record(job).state == .running)
        test.service.sweepLeases(now: .now + .seconds(31))
        #expect(try test.record(job).state == .queued)
        #expect(test.service.counters.count(of: .expired) == 1)
        #expect(test.service.runs.jobs.isEmpty)
    }

    @Test func `tries again to end a lease whose end the store refused`() throws {
        try test.submit()
        let job = try test.lease()
        test.store.fail("abandon", .before)
        test.service.sweepLeases(now: .now + .seconds(31))
        #expect(try test.record(job).state == .running)
        test.store.fail("abandon", nil)
        test.service.sweepLeases(now: .now + .seconds(31))
        #expect(try test.record(job).state == .queued)
    }

    @Test func `gives a lease that an earlier server granted a full term`() throws {
        try test.submit()
        let job = try test.lease()
        let next = TestService(over: test.store, files: test.files)
        let start = ContinuousClock.now
        try next.service.start()
        defer { next.service.drain() }
        next.service.sweepLeases(now: start + .seconds(29))
        #expect(try next.record(job).state == .running)
        _ = try next.report(Sample.report(1, 0..<10, of: job.grant), job)
        #expect(try next.record(job).step == 10)
        #expect(next.service.runs.jobs.keys.sorted() == ["worker-1"])
        next.service.sweepLeases(now: .now + .seconds(31))
        #expect(try next.record(job).state == .queued)
    }

    @Test func `requeues what the workers of an earlier server ran`() throws {
        let instance = test.service.configuration.server.description
        try test.submit()
        let job = try test.lease(.test(instance: instance))
        let next = TestService(over: test.store, files: test.files)
        try next.service.start()
        defer { next.service.drain() }
        let record = try next.record(job)
        #expect(record.state == .queued)
        #expect((record.crashes, record.attempt) == (0, 0))
    }
}
