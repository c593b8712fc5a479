import HTTP
import Jobs
import Schedules
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct ReportTests {
    private let test = TestService()

    /// A leased job that moves its rate at validations.
    private func plateauJob() throws -> TrainingAPI.LeasedJob {
        try test.submit(Sample.job(schedule: Sample.plateau))
        return try test.lease()
    }

    private func curve(_ name: String, of job: TrainingAPI.LeasedJob) throws -> TrainingService
        .Curve?
    {
        let id = try #require(JobID(job.jobID))
        let segments = try test.store.series(of: id, names: [name], in: 0..<1_000)
        return try SeriesEncoding.curves(of: segments, in: 0..<1_000).first?.curve
    }

    @Test func `stores steps, curves and summary of a report together`() throws {
        try test.submit()
        let job = try test.lease()
        let points = [("validation_loss", 30, 0.5), ("epoch_train_loss", 30, 0.75)]
        let report = Sample.report(1, 0..<30, of: job.grant, points: points)
        let receipt = try test.report(report, job)
        #expect(receipt.directives.isEmpty)
        #expect(receipt.termSeconds == 30)
        let record = try test.record(job)
        #expect(record.step == 30)
        #expect(JobBodies.summary(of: record)?.validationLoss == 0.5)
        #expect(JobBodies.summary(of: record)?.trainLoss == 0.75)
        #expect(try curve("train_loss", of: job)?.values == (0..<30).map { 1 / Double($0 + 1) })
        #expect(try curve("validation_loss", of: job)?.steps == [30])
    }

    @Test func `answers with the rates that the report brought about`() throws {
        let job = try plateauJob()
        #expect(job.grant.toStep == 30)
        var grant = job.grant
        for (sequence, loss) in [(1, 0.5), (2, 0.5)] {
            let steps = grant.fromStep..<grant.toStep
            let points = [("validation_loss", steps.upperBound, loss)]
            let report = Sample.report(sequence, steps, of: grant, points: points)
            grant = try #require(try test.report(report, job).grant)
        }
        #expect(grant.fromStep == 60)
        #expect(grant.learningRates == Array(repeating: 0.05, count: 30))
        let schedule = try test.send(.get, "/v1/jobs/\(job.jobID)/schedule")
        #expect(try schedule.document["events"]?.array?.count == 1)
        #expect(schedule.fields["ETag"] == "\"2\"")
    }

    @Test func `changes nothing at a report that comes twice, and answers it alike`() throws {
        let job = try plateauJob()
        let points = [("validation_loss", 30, 0.5)]
        let report = Sample.report(1, 0..<30, of: job.grant, points: points)
        let first = try test.report(report, job)
        let before = try test.record(job)
        let second = try test.report(report, job)
        #expect(second.grant == first.grant)
        #expect(second.grant?.fromStep == 30)
        #expect(try test.record(job) == before)
        #expect(try curve("train_loss", of: job)?.count == 30)
        #expect(test.service.counters.count(of: .repeated) == 1)
    }

    @Test func `refuses a report that leaves one out`() throws {
        try test.submit()
        let job = try test.lease()
        let report = Sample.report(2, 0..<10, of: job.grant)
        #expect(try storeError { _ = try test.report(report, job) } == .outOfOrder)
        #expect(try test.record(job).step == 0)
    }

    @Test(arguments: [(5, 10), (0, 91), (0, 1_000_000_000)])
    func `refuses steps that do not follow or were not granted`(from: Int, to: Int) throws {
        try test.submit()
        let job = try test.lease()
        var report = Sample.report(1, 0..<0, of: job.grant)
        report.fromStep = from
        report.toStep = to
        let problem = #expect(throws: Problem.self) { try test.report(report, job) }
        #expect(problem?.status == 422)
        #expect(try test.record(job).step == 0)
        _ = try test.report(Sample.report(1, 0..<10, of: job.grant), job)
        #expect(try test.record(job).step == 10)
    }

    @Test func `refuses a stale lease with 409 and changes nothing`() throws {
        try test.submit()
        let stale = try test.lease()
        test.service.localWorkerEnded("worker-1", detail: "exited with status 1")
        let live = try test.lease(.test("worker-2", id: "r2"))
        let before = try test.record(live)
        let report = Sample.report(1, 0..<10, of: stale.grant)
        let problem = #expect(throws: JobStoreError.self) { try test.report(report, stale) }
        #expect(problem.map { Problem(mapping: $0).status } == 409)
        #expect(problem.map { Problem(mapping: $0).type } == "/problems/lease_lost")
        #expect(try storeError { try test.complete(stale) } == .leaseLost)
        #expect(try test.record(live) == before)
        #expect(test.service.counters.count(of: .stale) == 2)
        #expect(try test.service.heartbeat(test.run(of: live)).directives.isEmpty)
    }

    @Test(arguments: ["nope", "00000000000000000000000000000000"])
    func `has no lease under another id`(lease: String) throws {
        let body = #"{"fence": 1}"#
        let response = try test.send(.post, "/v1/leases/\(lease)/heartbeat", body: body)
        #expect(response.status.code == (lease == "nope" ? 404 : 409))
    }

    @Test func `keeps its memory as it was where the store refuses a report`() throws {
        let job = try plateauJob()
        let points = [("validation_loss", 30, 0.5)]
        let report = Sample.report(1, 0..<30, of: job.grant, points: points)
        test.store.fail("report", .before)
        #expect(try storeError { _ = try test.report(report, job) } == .unavailable)
        #expect(try test.run(of: job).update { $0.reportedThrough } == 0)
        test.store.fail("report", nil)
        #expect(try test.report(report, job).grant?.fromStep == 30)
        #expect(try test.record(job).step == 30)
    }

    @Test func `goes on from a report that was stored though the store said it was not`() throws {
        let job = try plateauJob()
        let points = [("validation_loss", 30, 0.5)]
        let report = Sample.report(1, 0..<30, of: job.grant, points: points)
        test.store.fail("report", .after)
        #expect(try storeError { _ = try test.report(report, job) } == .unavailable)
        test.store.fail("report", nil)
        let grant = try #require(try test.report(report, job).grant)
        try #require(grant.fromStep == 30)
        let next = [("validation_loss", 60, 0.5)]
        _ = try test.report(Sample.report(2, 30..<60, of: grant, points: next), job)
        #expect(try test.run(of: job).update { $0.rates.rate(at: 60) } == 0.05)
    }

    @Test func `counts steps that used other rates and shows the count`() throws {
        try test.submit()
        let job = try test.lease()
        var report = Sample.report(1, 0..<10, of: job.grant)
        report.appliedDigest = Sample.digest([(1, 1)])
        _ = try test.report(report, job)
        #expect(test.service.counters.count(of: .mismatched) == 10)
        let id = try test.record(job).id
        let told = try test.store.events(of: id, after: 0, kinds: [.diagnosis], limit: 9).events
        #expect(told.count == 1)
        let read = try test.send(.get, "/v1/jobs/\(id)").document
        #expect(read["mismatched_steps"]?.integer == 10)
        let text = String(decoding: try test.send(.get, "/metrics").body, as: UTF8.self)
        #expect(text.contains("lehr_audit_mismatched_steps_total 10\n"))
        #expect(text.contains("lehr_jobs{state=\"running\"} 1\n"))
    }

    @Test func `knows a run after a restart as it was before`() throws {
        let job = try plateauJob()
        let points = [("validation_loss", 30, 0.5)]
        var report = Sample.report(1, 0..<30, of: job.grant, points: points)
        report.appliedDigest = Sample.digest([(1, 1)])
        let grant = try #require(try test.report(report, job).grant)
        let next = TestService(over: test.store, files: test.files)
        let half = Sample.report(2, 30..<45, of: grant)
        #expect(try next.report(half, job).grant == nil)
        let summary = JobBodies.summary(of: try next.record(job))
        #expect(summary?.validationLoss == 0.5)
        #expect(RunFacts(reading: try next.record(job).progress)?.mismatches == 30)
        let end = Sample.report(3, 45..<60, of: grant, points: [("validation_loss", 60, 0.5)])
        #expect(try next.report(end, job).grant?.learningRates.first == 0.05)
    }
}
