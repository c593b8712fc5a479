import HTTP
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct CompletionTests {
    private let test = TestService()

    private func leased() throws -> TrainingAPI.LeasedJob {
        try test.submit()
        return try test.lease()
    }

    @Test func `ends a job with its result`() throws {
        let job = try leased()
        var summary = TrainingSummary()
        summary.testAccuracy = 0.875
        try test.complete(job, .succeeded(summary))
        let response = try test.send(.get, "/v1/jobs/\(job.jobID)")
        #expect(try response.document["state"]?.string == "succeeded")
        #expect(try response.document["summary"]?["test_accuracy"]?.double == 0.875)
        #expect(test.service.runs.jobs.isEmpty)
        #expect(test.service.leases.expired(now: .now + .seconds(3_600)).isEmpty)
    }

    @Test func `tells where a run ended early, and of a fall that is not finished`() throws {
        let job = try leased()
        var summary = TrainingSummary()
        summary.earlyStop = .init(step: 3, reason: "validation_loss rose", restoredBest: true)
        try test.complete(job, .succeeded(summary))
        let document = try test.send(.get, "/v1/jobs/\(job.jobID)").document
        #expect(document["state"]?.string == "succeeded")
        let stop = document["summary"]?["stopped_early"]
        #expect(stop?["step"]?.integer == 3)
        #expect(stop?["restored_best"]?.bool == true)
        #expect(stop?["warning"]?.string?.contains("would have fallen to") == true)
        let reason = document["state_reason"]?.string
        #expect(reason?.hasPrefix("Stopped early at step 3: validation_loss rose.") == true)
    }

    @Test func `takes the same end twice and no other`() throws {
        let job = try leased()
        try test.complete(job)
        let before = try test.record(job)
        try test.complete(job)
        #expect(try test.record(job) == before)
        #expect(try storeError { try test.complete(job, .released) } == .leaseLost)
        #expect(try test.record(job) == before)
    }

    @Test func `takes the last of what a run did and made, and grants the next job`() throws {
        let job = try leased()
        let next = try test.submit()
        #expect(job.contentLimit == WorkerCompletion.contentLimit)
        var end = WorkerCompletion(
            fence: job.fence,
            outcome: .succeeded(TrainingSummary()),
            next: .test(id: "request-2")
        )
        end.report = Sample.report(1, 0..<30, of: job.grant)
        end.checkpoint = .init(step: 30, bestStep: nil, content: [1, 2, 3])
        end.artifacts = [
            .init(name: "model.py", content: Array("torch".utf8)),
            .init(name: "of another age", content: [0]),
        ]
        let granted = try #require(try test.service.complete(end, of: job.id))
        #expect(granted.job.jobID == next.description)
        #expect(granted.isNew)
        let again = try #require(try test.service.complete(end, of: job.id))
        #expect(again.job == granted.job)
        #expect(!again.isNew)
        #expect(try test.record(job).step == 30)
        let kept = try test.send(.get, "/v1/jobs/\(job.jobID)/checkpoints").document
        #expect(kept["items"]?.array?.compactMap { $0["step"]?.integer } == [30])
        let artifacts = try test.send(.get, "/v1/jobs/\(job.jobID)/artifacts").document
        let sizes = artifacts["items"]?.array?.compactMap { $0["size"]?.integer }
        #expect(sizes == [5])
        let file = try #require(try test.store.artifacts(of: test.record(job).id).first?.file)
        #expect(try test.store.content(of: file) == Array("torch".utf8))
    }

    @Test func `takes nothing of an end whose last report does not fit`() throws {
        let job = try leased()
        var end = WorkerCompletion(fence: job.fence, outcome: .succeeded(TrainingSummary()))
        end.report = Sample.report(1, 5..<30, of: job.grant)
        #expect(throws: Problem.self) { try test.service.complete(end, of: job.id) }
        end.report = nil
        end.checkpoint = .init(step: 30, bestStep: nil, content: [1])
        #expect(throws: Problem.self) { try test.service.complete(end, of: job.id) }
        #expect(try test.record(job).state == .running)
        #expect(try test.store.checkpoints(of: test.record(job).id) == [])
    }

    @Test func `a first grant is the same for a server that starts anew`() throws {
        let job = try leased()
        let next = TestService(over: test.store, files: test.files)
        let report = Sample.report(1, 0..<job.grant.toStep, of: job.grant)
        _ = try next.report(report, job)
        #expect(try next.record(job).step == job.grant.toStep)
    }

    @Test func `takes all of an end whose run the server has lost sight of`() throws {
        let job = try leased()
        test.service.runs.remove(try test.run(of: job).key)
        var summary = TrainingSummary()
        summary.testAccuracy = 0.5
        var end = WorkerCompletion(fence: job.fence, outcome: .succeeded(summary))
        end.report = Sample.report(1, 0..<30, of: job.grant)
        end.checkpoint = .init(step: 30, bestStep: nil, content: [1, 2, 3])
        _ = try test.service.complete(end, of: job.id)
        #expect(try test.record(job).step == 30)
        #expect(try test.store.checkpoints(of: test.record(job).id).map(\.step) == [30])
        let document = try test.send(.get, "/v1/jobs/\(job.jobID)").document
        #expect(document["summary"]?["test_accuracy"]?.double == 0.5)
    }

    @Test func `a late end of a dead worker takes nothing from the one that follows it`() throws {
        let local = test.service.configuration.server.description
        try test.submit()
        try test.submit()
        let first = try test.lease(.test(id: "request-1", instance: local))
        test.service.localWorkerEnded("worker-1", detail: "was ended by signal 9")
        let second = try test.lease(.test(id: "request-2", instance: local))
        let late = WorkerCompletion(
            fence: first.fence,
            outcome: .succeeded(TrainingSummary()),
            next: .test(id: "request-3", instance: local)
        )
        #expect(try storeError { try test.service.complete(late, of: first.id) } == .leaseLost)
        #expect(try test.record(second).state == .running)
        #expect(try test.service.run(of: second.id, fence: second.fence).worker == "worker-1")
    }

    @Test func `takes no end under another fence`() throws {
        let job = try leased()
        let other = WorkerCompletion(fence: job.fence + 1, outcome: .released)
        #expect(
            try storeError { try test.service.complete(other, of: job.id) } == .leaseLost
        )
        #expect(try test.record(job).state == .running)
    }

    @Test func `gives a released job to the next worker at no cost`() throws {
        let job = try leased()
        try test.complete(job, .released)
        #expect(try test.record(job).attempt == 0)
        let next = try test.lease(.test("worker-2", id: "r2"))
        #expect(next.jobID == job.jobID)
        #expect(next.fence == 2)
        #expect(next.grant == job.grant)
    }

    @Test func `shows why a job failed for good`() throws {
        let job = try leased()
        let outcome = WorkerCompletion.Outcome.failed(
            code: "diverged",
            detail: "the loss is nan",
            isPermanent: true
        )
        try test.complete(job, outcome)
        let document = try test.send(.get, "/v1/jobs/\(job.jobID)").document
        #expect(document["state"]?.string == "failed")
        #expect(document["failure"]?["code"]?.string == "diverged")
        #expect(document["failure"]?["detail"]?.string == "the loss is nan")
    }

    @Test func `cancels a queued job at once`() throws {
        let id = try test.submit()
        let response = try test.send(.post, "/v1/jobs/\(id)/cancel")
        #expect(response.status == .ok)
        #expect(try response.document["state"]?.string == "cancelled")
        #expect(try test.service.lease(.test()) == nil)
    }

    @Test func `tells a worker to stop, and ends the job when it has`() throws {
        let job = try leased()
        let response = try test.send(.post, "/v1/jobs/\(job.jobID)/cancel")
        #expect(response.status == .accepted)
        #expect(try test.service.heartbeat(test.run(of: job)).directives == [.cancel])
        let report = Sample.report(1, 0..<5, of: job.grant)
        #expect(try test.report(report, job).directives == [.cancel])
        try test.complete(job, .released)
        #expect(try test.record(job).state == .cancelled)
        #expect(try test.send(.post, "/v1/jobs/\(job.jobID)/cancel").status == .ok)
    }

    @Test(arguments: [true, false])
    func `a cancellation beats a failure and a lost worker`(isFailure: Bool) throws {
        let job = try leased()
        _ = try test.send(.post, "/v1/jobs/\(job.jobID)/cancel")
        if isFailure {
            try test.complete(job, .failed(code: "x", detail: "y", isPermanent: false))
        } else {
            test.service.sweepLeases(now: .now + .seconds(31))
        }
        #expect(try test.record(job).state == .cancelled)
    }

    @Test func `a result that is there already beats a cancellation`() throws {
        let job = try leased()
        _ = try test.send(.post, "/v1/jobs/\(job.jobID)/cancel")
        try test.complete(job)
        #expect(try test.record(job).state == .succeeded)
        let refused = try test.send(.post, "/v1/jobs/\(job.jobID)/cancel")
        #expect(refused.status == .conflict)
        #expect(try refused.document["allowed_actions"]?.array?.isEmpty == true)
    }

    @Test func `tells workers to let go while it stops`() throws {
        let job = try leased()
        test.service.drain()
        #expect(try test.service.heartbeat(test.run(of: job)).directives == [.drain])
        try test.complete(job, .released)
        #expect(try test.record(job).state == .queued)
    }
}
