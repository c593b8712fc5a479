import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct KillTests {
    private static let seeds = 0..<4
    private static let steps = 12_000

    private static func job(seed: Int) -> String {
        """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64, 64]},
         "schedule": {"learning_rate": 0.01}, "steps": \(steps), "batch_size": 64, "seed": \(seed)}
        """
    }

    /// A job that runs whenever something is killed.
    private static let endless = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64]},
         "schedule": {"learning_rate": 0.001}, "steps": 1000000000, "priority": 1,
         "checkpoint": {"every": {"steps": 1000000000}}}
        """

    @Test
    func `killed workers and a killed server end every job once, with the same bits`() async throws
    {
        let bench = try Bench(workers: 2)
        var server = try await bench.start()
        let endless = try await server.client.submit(Self.endless, key: "endless")
        _ = try await server.client.wait(for: endless) { $0 == "running" }
        var ids: [String] = []
        for seed in Self.seeds {
            ids.append(try await server.client.submit(Self.job(seed: seed), key: "job-\(seed)"))
        }
        _ = try await server.client.wait(for: ids[0]) { $0 != "queued" }
        for worker in server.workerProcessIDs { kill(worker, SIGKILL) }
        // Its second run has begun, so that the server too dies while a job runs.
        try await server.client.wait(forLog: "-- run 2 on", of: endless)
        #expect(await server.kill() == .signal(SIGKILL))

        server = try await bench.start()
        // The client lost its answers with the server: it repeats, and nothing is made twice.
        for seed in Self.seeds {
            let repeated = try await server.client.submit(Self.job(seed: seed), key: "job-\(seed)")
            #expect(repeated == ids[seed])
        }
        for id in ids {
            let job = try await server.client.wait(for: id)
            #expect(job["state"]?.string == "succeeded", "\(job)")
        }
        #expect(
            try await server.client.wait(for: endless) { $0 == "running" }["attempt"]?.integer == 1
        )
        _ = try await server.client.send(HTTPRequest("POST", "/v1/jobs/\(endless)/cancel"))
        #expect(try await server.client.wait(for: endless)["state"]?.string == "cancelled")
        let listed = try await server.client.get("/v1/jobs?limit=100").json()["items"]?.array
        #expect(listed?.count == ids.count + 1)
        // The log says that the deaths met running jobs, so that what follows is no empty claim.
        let log = try String(contentsOf: bench.configuration.log, encoding: .utf8)
        #expect(log.contains("lost its worker"))
        #expect(log.contains("of the last server"))
        let undisturbed = try await server.client.submit(Self.job(seed: 0))
        _ = try await server.client.wait(for: undisturbed)
        let disturbedCurve = try await server.client.curve("train_loss", of: ids[0])
        let curve = try await server.client.curve("train_loss", of: undisturbed)
        #expect(disturbedCurve.steps == Array(0..<Self.steps))
        #expect(disturbedCurve.values.map(\.bitPattern) == curve.values.map(\.bitPattern))
    }

    @Test func `a job whose workers always die is given up`() async throws {
        let bench = try Bench(workers: 1)
        let server = try await bench.start()
        let id = try await server.client.submit(Self.endless)
        for run in 1...3 {
            // Killed once it trains: what it wrote of that is to be told. The instant before the line
            // sets it apart from its quotation where the last death is told.
            try await server.client.wait(forLog: "Z spirals: ", times: run, of: id)
            for worker in server.workerProcessIDs { kill(worker, SIGKILL) }
        }
        let job = try await server.client.wait(for: id)
        #expect(job["state"]?.string == "failed")
        #expect(job["failure"]?["code"]?.string == "worker_crashed")
        let detail = try #require(job["failure"]?["detail"]?.string)
        #expect(detail.contains("was ended by signal 9"), "\(detail)")
        #expect(detail.contains("the worker wrote last:\n"), "\(detail)")
        #expect(detail.contains("fence 3"), "\(detail)")
        withExtendedLifetime(bench) {}
    }
}
