import HTTP
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

/// What is shown of commands that go on from a state of their own.
@Suite struct CommandCurveTests {
    @Test(arguments: [150, 40])
    func `shows what was measured before a command went on from a state of its own`(
        start: Int
    ) throws {
        let test = TestService(configure: { $0.runsCommands = true })
        let id = try test.submit(
            """
            {"kind": "command", "argv": ["true"], "steps": 1000,
                "schedule": {"type": "cosine", "learning_rate": 0.1}}
            """
        )
        func wish(_ number: Int) -> TrainingAPI.LeaseRequest {
            var wish = TrainingAPI.LeaseRequest.test(id: "request-\(number)")
            wish.kinds = ["command"]
            return wish
        }
        let first = try test.lease(wish(1))
        let rates = first.grant.learningRates
        func run(_ steps: Range<Int>, fence: Int, sign: Double) -> WorkerReport {
            var made = WorkerReport.ofScript(1, steps, Array(rates[steps]), fence: fence)
            let places = steps.map { $0 + 1 }
            let losses = WorkerReport.Series(
                name: "loss",
                steps: places,
                values: places.map { sign * Double($0) }
            )
            made.series.append(losses)
            return made
        }
        _ = try test.report(run(0..<200, fence: 1, sign: 1), first)
        if start < 100 {
            // The newest checkpoint is ahead of the script's own.
            let path = "/v1/leases/\(first.leaseID)/checkpoints/100?fence=1"
            #expect(try test.send(.put, path, fields: [:], body: "weights").status == .ok)
        }
        try test.complete(first, .released)
        let second = try test.lease(wish(2))
        _ = try test.report(run(start..<start + 10, fence: 2, sign: -1), second)
        let steps = 0..<1_001
        let segments = try test.store.series(
            of: id,
            names: ["loss"],
            in: SeriesEncoding.updates(showing: steps)
        )
        let curve = try SeriesEncoding.curves(of: segments, in: steps).first?.curve
        let (before, after) = (1...start, start + 1...start + 10)
        #expect(curve?.steps == Array(before) + Array(after))
        #expect(curve?.values == before.map { Double($0) } + after.map { -Double($0) })
        let audit = try test.send(.get, "/v1/jobs/\(id)/audit").document
        #expect(audit["steps"]?.integer == start + 10)
        #expect(audit["mismatches"]?.integer == 0)
    }
}
