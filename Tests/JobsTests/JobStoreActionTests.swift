import Foundation
import Jobs
import Testing

@Suite struct JobStoreActionTests {
    @Test(arguments: StoreKind.allCases)
    func `a queued job is cancelled at once`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let job = try store.act(.cancel, on: id, at: instant(5))
        #expect(job.state == .cancelled)
        #expect(job.finishedAt == instant(5))
        #expect(job.version == 2)
        #expect(try store.job(id) == job)
        #expect(try store.lease(request("r", at: 6)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `a repeated action changes nothing, not even the version`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let first = try store.act(.cancel, on: id, at: instant(5))
        #expect(try store.act(.cancel, on: id, at: instant(9)) == first)
        #expect(try store.job(id) == first)
    }

    @Test(arguments: StoreKind.allCases)
    func `an illegal action names the allowed ones and changes nothing`(kind: StoreKind) throws {
        let store = try kind.make()
        let job = try store.add(submission(1))
        let conflict = JobStoreError.Code.conflict(allowed: [.cancel, .pause])
        #expect(conflict.isThrown { _ = try store.act(.retry, on: job.id, at: instant(2)) })
        #expect(try store.job(job.id) == job)
    }

    @Test(arguments: StoreKind.allCases)
    func `a running job is asked to cancel, and its worker ends it`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let leased = try store.take(request("r", at: 2))
        #expect(try store.act(.cancel, on: id, at: instant(3)).state == .cancelling)
        #expect(try store.renew(leased.lease.key).job.state == .cancelling)
        let released = JobCompletion(key: leased.lease.key, outcome: .released, at: instant(4))
        let job = try store.complete(released)
        #expect(job.state == .cancelled)
        #expect(job.finishedAt == instant(4))
    }

    @Test(arguments: StoreKind.allCases)
    func `a cancellation beats a pause`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        _ = try store.take(request("r", at: 2))
        #expect(try store.act(.pause, on: id, at: instant(3)).state == .pausing)
        #expect(try store.act(.cancel, on: id, at: instant(4)).state == .cancelling)
    }

    @Test(arguments: StoreKind.allCases)
    func `a paused job waits for its resume and then keeps its place`(kind: StoreKind) throws {
        let store = try kind.make()
        let first = try store.add(submission(1)).id
        let leased = try store.take(request("r", at: 2))
        _ = try store.act(.pause, on: first, at: instant(3))
        let released = JobCompletion(key: leased.lease.key, outcome: .released, at: instant(4))
        let paused = try store.complete(released)
        #expect((paused.state, paused.attempt, paused.finishedAt) == (.paused, 0, nil))
        try store.add(submission(5))
        #expect(try store.act(.resume, on: first, at: instant(6)).state == .queued)
        #expect(try store.take(request("s", at: 7)).job.id == first)
    }

    @Test(arguments: StoreKind.allCases)
    func `a retry gives fresh attempts and keeps id, fence and curve`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        var report = JobReport(key: key, sequence: 1, steps: 0..<10)
        report.chunks = [SeriesChunk(series: "loss", steps: 0..<10, count: 10, payload: [1])]
        _ = try store.report(report)
        let failure = JobFailure(code: "diverged", detail: "at step 9")
        let failed = try store.complete(
            JobCompletion(key: key, outcome: .failed(failure, isPermanent: true), at: instant(3))
        )
        #expect((failed.state, failed.failure, failed.attempt) == (.failed, failure, 1))

        let job = try store.act(.retry, on: id, at: instant(4))
        #expect((job.state, job.failure, job.finishedAt) == (.queued, nil, nil))
        #expect((job.attempt, job.fence, job.enqueuedAt) == (0, 1, instant(4)))
        #expect(try store.series(of: id, names: nil, in: 0..<100).map(\.steps) == [0..<10])
        #expect(try store.take(request("s", at: 5)).lease.key.fence == 2)
    }
}
