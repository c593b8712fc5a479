import HTTP
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct ScriptJobTests {
    private let test = TestService()

    private static let cosine = #"{"type": "cosine", "learning_rate": 0.1}"#

    /// Submits a script's job of 1,000 steps.
    private func submit(_ schedule: String = cosine) throws -> JobID {
        try test.submit(#"{"kind": "external", "schedule": \#(schedule), "steps": 1000}"#)
    }

    private func request(
        _ job: JobID,
        id: String = "script-1",
        resumeStep: Int? = nil
    ) -> TrainingAPI.LeaseRequest {
        var request = TrainingAPI.LeaseRequest(
            worker: "script",
            requestID: id,
            kinds: ["external"],
            waitSeconds: 0
        )
        request.jobID = job.description
        request.resumeStep = resumeStep
        return request
    }

    private func audit(_ job: JobID) throws -> Document {
        try test.send(.get, "/v1/jobs/\(job)/audit").document
    }

    private func body(_ job: JobID) throws -> Document {
        try test.send(.get, "/v1/jobs/\(job)").document
    }

    @Test func `gives a script its own job, and no worker another's`() throws {
        let (first, second) = (try submit(), try submit())
        #expect(try test.service.lease(.test()) == nil)
        let job = try test.lease(request(second))
        #expect(job.jobID == second.description)
        #expect(try test.store.job(first).state == .queued)
        #expect(job.grant.learningRates.count == RunLedger.reachLimits.lowerBound)
    }

    @Test func `audits a whole run to the last bit`() throws {
        let id = try submit()
        let job = try test.lease(request(id))
        var grant: Grant? = job.grant
        var sequence = 0
        while let rates = grant {
            sequence += 1
            let made = WorkerReport.ofScript(
                sequence,
                rates.fromStep..<rates.toStep,
                rates.learningRates
            )
            grant = try test.report(made, job).grant
        }
        let audit = try audit(id)
        #expect(audit["steps"]?.integer == 1_000)
        #expect(audit["mismatches"]?.integer == 0)
        #expect(audit["planned"]?.integer == 0)
        #expect(audit["digest"]?.string == audit["expected_digest"]?.string)
    }

    @Test func `finds a rate that was not granted`() throws {
        let id = try submit()
        let job = try test.lease(request(id))
        _ = try test.report(.ofScript(1, 0..<2, [0.1, 0.2]), job)
        #expect(try audit(id)["mismatched_steps"]?.array?.compactMap(\.integer) == [1])
    }

    @Test func `takes steps past the grant only as planned`() throws {
        let id = try submit()
        let job = try test.lease(request(id))
        let run = try test.run(of: job)
        let plan = try test.service.plan(of: run, from: 0)
        #expect(plan.rates.learningRates.count == 1_000)
        var late = WorkerReport.ofScript(1, 0..<400, Array(plan.rates.learningRates[..<400]))
        #expect(throws: Problem.self) { try test.report(late, job) }
        late.isPlanned = true
        let receipt = try test.report(late, job)
        #expect(receipt.grant?.fromStep == 400)
        let audit = try audit(id)
        #expect(audit["planned"]?.integer == 400)
        #expect(audit["mismatches"]?.integer == 0)
    }

    @Test func `leaves planned steps out of the mismatches where an edit came meanwhile`() throws {
        let id = try submit()
        let job = try test.lease(request(id))
        let plan = try test.service.plan(of: try test.run(of: job), from: 0)
        let edit = try test.send(
            .post,
            "/v1/jobs/\(id)/schedule-edits",
            body: #"{"scale": 0.5}"#
        )
        #expect(edit.status == .ok)
        var late = WorkerReport.ofScript(1, 0..<400, Array(plan.rates.learningRates[..<400]))
        late.isPlanned = true
        let receipt = try test.report(late, job)
        #expect(receipt.scheduleVersion == job.scheduleVersion + 1)
        let halved = try #require(receipt.grant?.learningRates.first)
        #expect(halved == plan.rates.learningRates[400] * 0.5)
        let audit = try audit(id)
        #expect(audit["mismatches"]?.integer == 0)
        #expect(audit["planned"]?.integer == 400)
        #expect(audit["digest"]?.string != audit["expected_digest"]?.string)
    }

    private static let plateau = """
        {"type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5, "patience": 0,
         "cooldown": 0, "threshold": 0, "monitor": "perplexity"}
        """

    @Test func `moves the rate of the very next update where the script waits`() throws {
        let id = try submit(Self.plateau)
        let job = try test.lease(request(id))
        #expect(job.monitors == ["perplexity"])
        for (sequence, step) in [(1, 10), (2, 20)] {
            let steps = step - 10..<step
            var made = WorkerReport.ofScript(
                sequence,
                steps,
                Array(repeating: 0.1, count: 10),
                points: [("perplexity", step, 7)]
            )
            made.holds = true
            let grant = try #require(try test.report(made, job).grant)
            #expect(grant.fromStep == step)
            #expect(grant.learningRates[0] == (step == 20 ? 0.05 : 0.1))
        }
        #expect(try audit(id)["mismatches"]?.integer == 0)
    }

    @Test func `moves the first rate past the grant where the script goes on`() throws {
        let id = try submit(Self.plateau)
        let job = try test.lease(request(id))
        let end = job.grant.toStep
        for (sequence, step) in [(1, 10), (2, 20)] {
            let rates = Array(repeating: 0.1, count: 10)
            let made = WorkerReport.ofScript(
                sequence,
                step - 10..<step,
                rates,
                points: [("perplexity", step, 7)]
            )
            _ = try test.report(made, job)
        }
        let plan = try test.service.plan(of: try test.run(of: job), from: end - 1)
        #expect(plan.rates.learningRates[0] == 0.1)
        #expect(plan.rates.learningRates.last == 0.05)
    }

    @Test func `goes on from a state of the script's own`() throws {
        let id = try submit()
        let first = try test.lease(request(id))
        _ = try test.report(.ofScript(1, 0..<200, Array(first.grant.learningRates[..<200])), first)
        let second = try test.lease(request(id, id: "script-2", resumeStep: 150))
        #expect((second.fence, second.resumeStep, second.grant.fromStep) == (2, 150, 150))
        #expect(second.grant.learningRates[0] == first.grant.learningRates[150])
        #expect(try storeError { _ = try test.run(of: first) } == .leaseLost)
        let rates = Array(second.grant.learningRates[..<10])
        _ = try test.report(.ofScript(1, 150..<160, rates, fence: 2), second)
        #expect(try audit(id)["steps"]?.integer == 160)
    }

    @Test func `keeps the job of a script that is not heard of, and says so`() throws {
        let id = try submit()
        let job = try test.lease(request(id))
        let tag = try test.send(.get, "/v1/jobs/\(id)").fields["ETag"]
        test.service.sweepLeases(now: .now + .seconds(31))
        #expect(try test.store.job(id).state == .running)
        #expect(try body(id)["unreachable"] == Document(.bool(true)))
        #expect(try test.send(.get, "/v1/jobs/\(id)").fields["ETag"] != tag)
        _ = try test.service.heartbeat(try test.run(of: job))
        #expect(try body(id)["unreachable"] == Document(.bool(false)))
    }

    @Test func `ends the job of a script that is not heard of once it is cancelled`() throws {
        let id = try submit()
        _ = try test.lease(request(id))
        test.service.sweepLeases(now: .now + .seconds(31))
        _ = try test.send(.post, "/v1/jobs/\(id)/cancel")
        test.service.sweepGraces(now: .now + .milliseconds(1))
        #expect(try test.store.job(id).state == .cancelled)
    }

    @Test func `keeps what a script reported as its results`() throws {
        let id = try submit()
        let job = try test.lease(request(id))
        let points = [("loss", 1, 0.5), ("val_loss", 1, 0.25), ("val_acc", 1, 0.75)]
        _ = try test.report(.ofScript(1, 0..<1, [0.1], points: points), job)
        try test.complete(job)
        let summary = try body(id)["summary"]
        #expect(summary?["train_loss"]?.double == 0.5)
        #expect(summary?["best"]?["validation_loss"]?.double == 0.25)
        #expect(summary?["best"]?["validation_accuracy"]?.double == 0.75)
        let reason = try body(id)["state_reason"]?.string
        #expect(reason == "The script ended after 1 of 1000 steps.")
    }

    @Test func `takes no commands unless it is told to`() throws {
        let command = #"{"kind": "command", "argv": ["true"]}"#
        #expect(try test.send(.post, "/v1/jobs", body: command).status == .forbidden)
    }

    @Test func `refuses the rates of a command that has no schedule`() throws {
        let test = TestService(configure: { $0.runsCommands = true })
        let id = try test.submit(#"{"kind": "command", "argv": ["true"]}"#)
        for path in ["schedule", "explain", "audit"] {
            #expect(try test.send(.get, "/v1/jobs/\(id)/\(path)").status == .conflict)
        }
    }

    @Test func `forks a script's job from its checkpoint under another schedule`() throws {
        let id = try submit()
        let job = try test.lease(request(id))
        _ = try test.report(.ofScript(1, 0..<10, Array(job.grant.learningRates[..<10])), job)
        let path = "/v1/leases/\(job.leaseID)/checkpoints/10?fence=1"
        #expect(try test.send(.put, path, fields: [:], body: "weights").status == .ok)
        let fork = try test.send(
            .post,
            "/v1/jobs/\(id)/fork",
            body: #"{"changes": {"schedule": {"type": "constant", "learning_rate": 0.01}}}"#
        )
        let child = try #require(try fork.document["id"]?.string.flatMap { JobID($0) })
        let leased = try test.lease(request(child, id: "script-3"))
        #expect((leased.resumeStep, leased.grant.learningRates[0]) == (10, 0.01))
    }
}
