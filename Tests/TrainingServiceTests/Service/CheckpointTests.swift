import Foundation
import HTTP
import Jobs
import Schedules
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct CheckpointTests {
    private let test: TestService

    init() throws {
        test = TestService()
        try test.service.files.prepare()
    }

    /// Stores a checkpoint of `text` under a lease.
    @discardableResult
    private func save(
        _ text: String,
        at step: Int,
        _ job: TrainingAPI.LeasedJob,
        best: Int? = nil
    ) throws -> CheckpointBody {
        let path = "\(test.service.files.incoming)/\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(filePath: path))
        return try test.service.commitCheckpoint(
            path,
            at: step,
            bestStep: best,
            of: try test.run(of: job)
        )
    }

    private func path(_ body: CheckpointBody) -> String {
        test.service.files.path(of: StoredFile(hash: body.hash, size: body.size))
    }

    private func lease(_ id: String, environment: String? = "avx512") throws
        -> TrainingAPI.LeasedJob
    {
        var request = TrainingAPI.LeaseRequest.test(id: id)
        request.environment = environment
        return try test.lease(request)
    }

    @Test func `a job goes on from its newest checkpoint`() throws {
        try test.submit()
        let first = try lease("a")
        #expect(first.checkpoint == nil)
        _ = try test.report(Sample.report(1, 0..<40, of: first.grant), first)
        try save("at 20", at: 20, first)
        let newest = try save("at 40", at: 40, first)
        try test.complete(first, .released)
        let second = try lease("b")
        #expect((second.resumeStep, second.grant.fromStep) == (40, 40))
        #expect(second.checkpoint == newest)
        #expect(second.checkpoint?.exact == true)
        #expect(try test.store.checkpoints(of: test.record(first).id).map(\.step) == [20, 40])
    }

    @Test func `a step that was not reported cannot be saved`() throws {
        try test.submit()
        let job = try lease("a")
        _ = try test.report(Sample.report(1, 0..<10, of: job.grant), job)
        let problem = #expect(throws: Problem.self) { try save("at 11", at: 11, job) }
        #expect((problem?.status, problem?.type) == (409, "/problems/out_of_order"))
        #expect(try test.store.checkpoints(of: test.record(job).id) == [])
    }

    @Test func `a stale worker's checkpoint changes nothing`() throws {
        try test.submit()
        let old = try lease("a")
        _ = try test.report(Sample.report(1, 0..<40, of: old.grant), old)
        let saved = try save("at 20", at: 20, old)
        let run = try test.run(of: old)
        try test.complete(old, .released)
        _ = try lease("b")
        let path = "\(test.service.files.incoming)/stale"
        try Data("at 40".utf8).write(to: URL(filePath: path))
        let code = try storeError {
            _ = try test.service.commitCheckpoint(path, at: 40, bestStep: nil, of: run)
        }
        #expect(code == .leaseLost)
        let refusal = try storeError { try test.service.check(old.id, fence: old.fence) }
        #expect(refusal == .leaseLost)
        #expect(try test.store.checkpoints(of: test.record(old).id).map(\.step) == [20])
        test.service.sweepFiles()
        let files = try FileManager.default.contentsOfDirectory(atPath: test.files.path)
        #expect(Set(files) == [saved.hash, "incoming"])
    }

    @Test(arguments: ["cut off", "changed", "gone"])
    func `a damaged checkpoint is dropped, and the one before is used`(damage: String) throws {
        try test.submit()
        let first = try lease("a")
        _ = try test.report(Sample.report(1, 0..<40, of: first.grant), first)
        let sound = try save("at 20", at: 20, first)
        let damaged = URL(filePath: path(try save("at 40", at: 40, first)))
        try test.complete(first, .released)
        switch damage {
        case "cut off": try Data("at 4".utf8).write(to: damaged)
        case "changed": try Data("at 41".utf8).write(to: damaged)
        default: try FileManager.default.removeItem(at: damaged)
        }
        let second = try lease("b")
        #expect((second.resumeStep, second.grant.fromStep) == (20, 20))
        #expect(second.checkpoint == sound)
        let record = try test.record(second)
        #expect((record.state, record.attempt) == (.running, 1))
        #expect(test.service.counters.count(of: .damaged) == 1)
        #expect(try test.store.checkpoints(of: record.id).map(\.step) == [20])
    }

    @Test func `the rate's reports past a checkpoint are forgotten with it`() throws {
        try test.submit(Sample.job(schedule: Sample.plateau))
        let first = try lease("a")
        func report(_ sequence: Int, _ end: Int, _ loss: Double, of grant: Grant) throws -> Grant? {
            let points = [(name: "validation_loss", step: end, value: loss)]
            let report = Sample.report(sequence, end - 30..<end, of: grant, points: points)
            return try test.report(report, first).grant
        }
        let next = try #require(try report(1, 30, 1, of: first.grant))
        try save("at 30", at: 30, first)
        // No better than before: the rate is halved, but only on this run's way.
        let reduced = try #require(try report(2, 60, 2, of: next))
        #expect(reduced.learningRates.first == 0.05)
        try test.complete(first, .released)
        let second = try lease("b")
        #expect(second.grant.fromStep == 30)
        #expect(second.grant.learningRates == next.learningRates)
        // Saved past the reduction, it is part of the checkpoint.
        let rates = try #require(try test.record(second).feedback)
        let function = try JSONDecoder().decode(RateFunction.self, from: Data(rates))
        #expect(function.reports.map(\.step) == [30])
    }

    @Test func `where other bits come out the job says so, or waits`() throws {
        try test.submit()
        let first = try lease("a")
        _ = try test.report(Sample.report(1, 0..<40, of: first.grant), first)
        try save("at 40", at: 40, first)
        try test.complete(first, .released)
        let second = try lease("b", environment: "avx2")
        #expect(second.resumeStep == 40)
        let id = try test.record(second).id
        _ = try test.report(Sample.report(1, 40..<50, of: second.grant, fence: 2), second)
        let read = try test.send(.get, "/v1/jobs/\(id)").document
        #expect(read["summary"]?["exact"]?.bool == false)
        _ = try test.report(Sample.report(2, 50..<60, of: second.grant, fence: 2), second)
        let told = try test.store.events(of: id, after: 0, kinds: [.diagnosis], limit: 9).events
        #expect(told.count == 1, "it is told once")
        let text = String(decoding: told.first?.payload ?? [], as: UTF8.self)
        let says =
            #""kind":"numerics_changed","step":40,"from_environment":"avx512","#
            + #""to_environment":"avx2","detail":"The job went on"#
        #expect(text.contains(says), "\(text)")

        try test.submit(Sample.job(fields: "\"require_exact\": true, "))
        let exact = try lease("c")
        _ = try test.report(Sample.report(1, 0..<40, of: exact.grant), exact)
        try save("at 40 again", at: 40, exact)
        try test.complete(exact, .released)
        var other = TrainingAPI.LeaseRequest.test("worker-2", id: "d")
        other.environment = "avx2"
        #expect(try test.service.lease(other) == nil)
        let waiting = try test.record(exact).id
        let reason = try test.send(.get, "/v1/jobs/\(waiting)").document["state_reason"]?.string
        #expect(reason == "Waits for a worker that gives the same bits: avx512.")
        #expect(try lease("e").jobID == exact.jobID)
    }

    @Test func `old checkpoints and deleted jobs leave no files`() throws {
        try test.submit(Sample.job(fields: "\"checkpoint\": {\"keep\": 1}, "))
        let job = try lease("a")
        _ = try test.report(Sample.report(1, 0..<40, of: job.grant), job)
        for step in [10, 20, 30, 40] { try save("at \(step)", at: step, job, best: 20) }
        let id = try test.record(job).id
        #expect(try test.store.checkpoints(of: id).map(\.step) == [20, 40])
        func files() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: test.files.path).count - 1
        }
        #expect(try files() == 2)
        let refusal = try storeError { try test.service.delete(id) }
        #expect(refusal == .conflict(allowed: [.cancel, .pause]))
        try test.complete(job)
        #expect(try test.send(.delete, "/v1/jobs/\(id)").status.code == 204)
        #expect(try files() == 0)
        #expect(try test.send(.get, "/v1/jobs/\(id)/checkpoints").status.code == 404)
    }
}
