import Foundation
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

/// A worker that is heard of again after the term of its lease.
@Suite struct RevivalTests {
    private let test = TestService()

    /// A job of which two steps are reported, and whose lease has ended in silence since.
    private func silentJob() throws -> TrainingAPI.LeasedJob {
        try test.submit()
        let job = try test.lease()
        _ = try test.report(Sample.report(1, 0..<2, of: job.grant), job)
        test.service.sweepLeases(now: .now + .seconds(31))
        #expect(try test.record(job).state == .queued)
        return job
    }

    @Test func `its heartbeat renews the lease, and its work goes on where it was`() throws {
        let job = try silentJob()
        let receipt = try test.service.heartbeat(try test.run(of: job))
        #expect(receipt.directives == [])
        let record = try test.record(job)
        #expect((record.state, record.crashes, record.fence) == (.running, 0, 1))
        _ = try test.report(Sample.report(2, 2..<4, of: job.grant), job)
        try test.complete(job)
        #expect(try test.record(job).state == .succeeded)
        #expect(test.service.counters.count(of: .revived) == 1)
        #expect(test.service.counters.count(of: .stale) == 0)
    }

    @Test func `its report renews the lease as well, and has a full term`() throws {
        let job = try silentJob()
        let start = ContinuousClock.now
        _ = try test.report(Sample.report(2, 2..<4, of: job.grant), job)
        test.service.sweepLeases(now: start + .seconds(29))
        #expect(try test.record(job).state == .running)
        test.service.sweepLeases(now: .now + .seconds(31))
        #expect(try test.record(job).state == .queued)
    }

    @Test func `its result counts`() throws {
        let job = try silentJob()
        try test.complete(job)
        #expect(try test.record(job).state == .succeeded)
        // The same again changes nothing.
        try test.complete(job)
        #expect(test.service.counters.count(of: .revived) == 1)
    }

    @Test func `it is told that the lease is lost once another has the job`() throws {
        let job = try silentJob()
        let other = try test.lease(.test("worker-2", id: "r2"))
        #expect(other.jobID == job.jobID)
        #expect(try storeError { _ = try test.run(of: job) } == .leaseLost)
        #expect(try storeError { try test.complete(job) } == .leaseLost)
        #expect(test.service.counters.count(of: .revived) == 0)
        #expect(test.service.counters.count(of: .stale) > 0)
        _ = try test.report(Sample.report(1, 0..<2, of: other.grant, fence: 2), other)
    }

    @Test func `a server that started meanwhile knows the lease too`() throws {
        try test.submit()
        let job = try test.lease()
        let next = TestService(over: test.store, files: test.files)
        for lease in try test.store.liveLeases() { next.service.leases.renew(lease.key) }
        next.service.sweepLeases(now: .now + .seconds(31))
        #expect(try next.record(job).state == .queued)
        _ = try next.report(Sample.report(1, 0..<2, of: job.grant), job)
        #expect(try next.record(job).state == .running)
    }

    @Test func `a job that is given up says what was written last, and names memory`() throws {
        var policy = RetryPolicy()
        policy.maximumCrashes = 2
        let test = TestService(over: FaultyStore(policy: policy))
        let id = try test.submit()
        for number in 1...2 {
            let job = try test.lease(.test(id: "r\(number)"))
            var report = Sample.report(1, 0..<2, of: job.grant, fence: number)
            report.logLines = ["epoch \(number): loss 0.5"]
            _ = try test.report(report, job)
            test.service.localWorkerEnded(
                "worker-1",
                detail: "was killed because memory was short",
                isOutOfMemory: number == 2,
                lastLines: ["building a layer", "of 4 GiB"]
            )
        }
        let failure = try #require(try test.store.job(id).failure)
        #expect(failure.code == "out_of_memory")
        #expect(
            failure.detail == """
                2 workers were lost without a new checkpoint; worker worker-1 was killed because memory \
                was short;
                the worker wrote last:
                building a layer
                of 4 GiB;
                the job's log ends:
                epoch 1: loss 0.5
                epoch 2: loss 0.5
                """
        )
        let events = try test.store.events(of: id, after: 0, kinds: [.state, .log], limit: 99)
        let log = String(decoding: LogText.text(events.events), as: UTF8.self)
        #expect(log.contains("failed as out_of_memory: 2 workers were lost"))
        #expect(log.split(separator: "\n").allSatisfy { $0.hasPrefix("20") })
    }
}
