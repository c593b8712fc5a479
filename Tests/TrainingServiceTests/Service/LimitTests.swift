import Foundation
import HTTP
import Jobs
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct LimitTests {
    private func submission(
        _ test: TestService,
        key: String? = nil,
        fields: String = ""
    ) throws -> Response {
        var head: Fields = ["Content-Type": "application/json"]
        if let key { head.set("Idempotency-Key", key) }
        return try test.send(.post, "/v1/jobs", fields: head, body: Sample.job(fields: fields))
    }

    private func reason(_ id: JobID, _ test: TestService) throws -> String? {
        try test.send(.get, "/v1/jobs/\(id)").document["state_reason"]?.string
    }

    // MARK: - Room

    @Test func `a full queue is answered with 429, and who repeats gets its answer`() throws {
        let test = TestService { $0.queueLimit = 1 }
        let first = try submission(test, key: "a")
        #expect(first.status == .created)
        let refused = try submission(test, key: "b")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.fields["Retry-After"] == "1")
        #expect(try refused.document["type"]?.string == "/problems/queue_full")
        #expect(try submission(test, key: "a").body == first.body)
        _ = try test.lease()
        #expect(try submission(test, key: "b").status == .created)
        #expect(test.service.counters.count(of: .refused) == 1)
    }

    @Test func `a disk that is nearly full takes no job, and lets those that are there go on`()
        throws
    {
        let store = FaultyStore()
        let roomy = TestService(over: store)
        let first = try submission(roomy, key: "a")
        let test = TestService(over: store, files: roomy.files) { $0.minimumFreeBytes = .max }
        try test.service.files.prepare()
        let refused = try submission(test, key: "b")
        #expect(refused.status.code == 507)
        #expect(try refused.document["detail"]?.string?.contains("MiB are free") == true)
        #expect(try submission(test, key: "a").body == first.body)
        #expect(try test.lease().fence == 1)
    }

    // MARK: - Waiting

    @Test func `a job says until when it waits, and its tag changes with that`() throws {
        let test = TestService()
        let field = #""not_before": "2100-01-01T00:00:00Z", "#
        let made = try submission(test, fields: field)
        let id = try #require(made.document["id"]?.string.flatMap { JobID($0) })
        #expect(
            try reason(id, test) == "Waits until 2100-01-01T00:00:00.000000Z, as `not_before` asks."
        )
        #expect(try test.service.lease(.test()) == nil)
        let read = try test.send(.get, "/v1/jobs/\(id)")
        #expect(read.fields["ETag"] == made.fields["ETag"])
        let record = try test.store.job(id)
        let now = try #require(record.notBefore)
        let later = WaitingReason(of: record, .none, [:], .none, at: now)
        #expect(later == .worker)
        #expect(
            JobBodies.tag(version: 1, waiting: later.sentence) != made.fields["ETag"]
        )
    }

    @Test func `a job that is not tried again yet does not say that its author wants it so`()
        throws
    {
        let test = TestService()
        try test.submit()
        let job = try test.lease()
        try test.complete(job, .failed(code: "signal", detail: "", isPermanent: false))
        let record = try test.record(job)
        let instant = try #require(record.notBefore)
        let reason = WaitingReason(of: record, .none, [:], .none, at: instant - 1)
        #expect(reason == .backoff(instant))
        #expect(reason.sentence.hasSuffix("before it is tried again."))
    }

    @Test func `a job whose label is at its limit says so, and runs once another has ended`()
        throws
    {
        let test = TestService {
            $0.labelLimits = LabelLimits([LabelLimit(key: "team", value: "vision", count: 1)])
        }
        let label = #""labels": {"team": "vision"}, "#
        try test.submit(Sample.job(fields: label))
        let second = try test.submit(Sample.job(fields: label))
        #expect(try reason(second, test) == "Waits for a free worker.")
        let first = try test.lease(.test("a"))
        #expect(
            try reason(second, test)
                == "Waits: 1 job runs with the label team=vision, and no more may at once."
        )
        #expect(try test.service.lease(.test("b")) == nil)
        let list = try test.send(.get, "/v1/jobs?state=queued").document["items"]?.array
        #expect(list?.first?["state_reason"]?.string?.hasPrefix("Waits: 1 job runs") == true)
        try test.complete(first)
        #expect(try test.lease(.test("b")).jobID == second.description)
    }

    // MARK: - Running

    @Test func `a job that has run for as long as it may is told to let go and has failed then`()
        throws
    {
        let test = TestService()
        try test.submit(Sample.job(fields: #""maximum_seconds": 60, "#))
        let start = ContinuousClock.now
        let job = try test.lease()
        let grant = job.grant
        let first = try test.report(Sample.report(1, 0..<2, of: grant), job)
        #expect(first.directives == [])
        let run = try test.run(of: job)
        test.service.sweepRuns(now: start + .seconds(59))
        #expect(!run.isOverLimit)
        test.service.sweepRuns(now: .now + .seconds(61))
        #expect(try test.report(Sample.report(2, 2..<4, of: grant), job).directives == [.drain])
        try test.complete(job, .released)
        let record = try test.record(job)
        #expect(record.state == .failed)
        #expect(record.failure?.code == "deadline")
        #expect(record.failure?.detail?.contains("maximum_seconds is 60") == true)
        // A retry has as much time again.
        let again = try test.store.act(.retry, on: record.id, at: Date())
        #expect(again.ranSeconds == 0)
        #expect(try test.lease(.test(id: "again")).fence == 2)
    }

    @Test func `a job that finishes after its time has finished`() throws {
        let test = TestService()
        try test.submit(Sample.job(fields: #""maximum_seconds": 60, "#))
        let job = try test.lease()
        test.service.sweepRuns(now: .now + .seconds(61))
        try test.complete(job)
        #expect(try test.record(job).state == .succeeded)
    }

    @Test func `a worker that does not let go at the end of the time loses its job`() throws {
        let test = TestService()
        try test.submit(Sample.job(fields: #""maximum_seconds": 60, "#))
        let job = try test.lease()
        let end = ContinuousClock.now + .seconds(61)
        test.service.sweepRuns(now: end)
        test.service.sweepGraces(now: end + .seconds(29))
        #expect(try test.record(job).state == .running)
        test.service.sweepGraces(now: end + .seconds(31))
        #expect(try test.record(job).failure?.code == "deadline")
        #expect(throws: JobStoreError.self) {
            try test.report(Sample.report(1, 0..<2, of: job.grant), job)
        }
    }

    @Test func `the time that a job ran before counts, after a restart of the server too`() throws {
        let store = FaultyStore()
        let test = TestService(over: store)
        let id = try test.submit(Sample.job(fields: #""maximum_seconds": 60, "#))
        let job = try test.lease()
        var report = JobReport(key: try test.run(of: job).key, sequence: 1, steps: 0..<1)
        report.ranSeconds = 59
        _ = try store.report(report)
        let next = TestService(over: store, files: test.files)
        let start = ContinuousClock.now
        let run = try next.run(of: job)
        #expect(run.clock.before == 59)
        #expect(!run.clock.isOver(now: start + .milliseconds(999)))
        #expect(run.clock.isOver(now: .now + .seconds(2)))
        report = JobReport(key: run.key, sequence: 2, steps: 1..<2)
        report.ranSeconds = 60
        _ = try store.report(report)
        _ = try store.abandon(LeaseAbandonment(.lease(run.key), cause: .leaseExpired, at: Date()))
        // Who has no time left is not granted again.
        #expect(try next.service.lease(.test(id: "again")) == nil)
        #expect(try store.job(id).failure?.code == "deadline")
    }

    // MARK: - Staying

    @Test func `jobs go when they have been ended for as long as they are kept`() throws {
        let test = TestService { $0.jobRetention = .seconds(3_600) }
        let (old, young) = (try test.submit(), try test.submit())
        _ = try test.store.act(.cancel, on: old, at: Date() - 3_601)
        _ = try test.store.act(.cancel, on: young, at: Date() - 3_000)
        test.service.sweepJobs()
        #expect(try test.send(.get, "/v1/jobs/\(old)").status == .notFound)
        #expect(try test.send(.get, "/v1/jobs/\(young)").status == .ok)
        #expect(test.service.counters.count(of: .outlived) == 1)
        // The same jobs, were the clock set forward by a day.
        test.service.sweepJobs(now: Date() + 86_400)
        #expect(try test.send(.get, "/v1/jobs/\(young)").status == .ok)
    }

    @Test func `a wall clock that was set removes nothing`() throws {
        let start = ContinuousClock.now
        let wall = Date()
        let watch = WallClockWatch(wall: wall, start: start)
        let hour = Duration.seconds(3_600)
        #expect(!watch.isSet(wall: wall + 7_200, at: start + hour * 2))
        #expect(!watch.isSet(wall: wall + 7_200, at: start + hour))
        #expect(watch.isSet(wall: wall + 7_201, at: start + hour))
        #expect(watch.isSet(wall: wall - 1, at: start + hour))
    }
}
