import TestSupport
import Testing

@Suite(.enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"))
struct CancellationTests {
    /// A job that takes far longer than any test.
    private static let long = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64]},
         "schedule": {"learning_rate": 0.001}, "steps": 1000000000}
        """

    @Test func `cancel stops a running job and frees its worker`() async throws {
        let bench = try Bench()
        let server = try await bench.start()
        let running = try await server.client.submit(Self.long)
        _ = try await server.client.wait(for: running) { $0 == "running" }
        let waiting = try await server.client.submit(Self.long)
        let behind = try await server.client.cancel(waiting)
        #expect(behind.status == 200)
        #expect(try behind.json()["state"]?.string == "cancelled")
        let reply = try await server.client.cancel(running)
        #expect(reply.status == 202)
        #expect(try reply.json()["state"]?.string == "cancelling")
        #expect(try await server.client.wait(for: running)["state"]?.string == "cancelled")
        let again = try await server.client.cancel(running)
        #expect(again.status == 200)
        let next = try await server.client.submit(
            #"{"dataset": {"name": "spirals"}, "model": {"type": "softmax"}, "steps": 1}"#
        )
        #expect(try await server.client.wait(for: next)["state"]?.string == "succeeded")
        #expect(try await server.client.cancel(next).status == 409)
    }

    @Test func `a cancelled job has a checkpoint of its last step, from which a retry goes on`()
        async throws
    {
        let bench = try Bench()
        let server = try await bench.start()
        let client = server.client
        let id = try await client.submit(Self.long)
        while try await client.job(id)["progress"]?["step"]?.integer ?? 0 < 1_000 {
            try await Task.sleep(for: .milliseconds(5))
        }
        _ = try await client.cancel(id)
        let step = try #require(
            try await client.wait(for: id)["progress"]?["step"]?.integer
        )
        let saved = try await client.get("/v1/jobs/\(id)/checkpoints").json()["items"]?.array
        #expect(saved?.last?["step"]?.integer == step)
        _ = try await client.send(HTTPRequest("POST", "/v1/jobs/\(id)/retry"))
        try await client.wait(forLog: "goes on from step \(step)", of: id)
        _ = try await client.cancel(id)
        _ = try await client.wait(for: id)
        let steps = try await client.curve("train_loss", of: id).steps
        #expect(steps.first == 0)
        withExtendedLifetime(bench) {}
    }

    @Test func `a job goes on for many times as long as its lease, as one run`() async throws {
        let bench = try Bench(arguments: ["--lease-term", "1s"])
        let server = try await bench.start()
        let client = server.client
        let id = try await client.submit(Self.long)
        // The seconds that the run itself has counted, whatever this machine does beside it.
        let path = "/v1/jobs/\(id)/metrics?series=seconds"
        var seconds = 0.0
        while seconds < 4 {
            let curve = try await client.get(path).json()["series"]?["seconds"]
            seconds = curve?["values"]?.array?.last?.number ?? 0
            try await Task.sleep(for: .milliseconds(50))
        }
        _ = try await client.cancel(id)
        let job = try await client.wait(for: id)
        #expect(job["state"]?.string == "cancelled")
        let log = try await client.get("/v1/jobs/\(id)/logs").text
        #expect(log.contains("-- run 1 ") && !log.contains("-- run 2 "))
        withExtendedLifetime(bench) {}
    }

    @Test func `SIGTERM gives running jobs back, and the next server runs them`() async throws {
        let bench = try Bench()
        let first = try await bench.start()
        let id = try await first.client.submit(Self.long)
        _ = try await first.client.wait(for: id) { $0 == "running" }
        #expect(await first.stop() == .exit(0))
        let second = try await bench.start()
        let job = try await second.client.wait(for: id) { $0 == "running" }
        #expect(job["attempt"]?.integer == 1)
        _ = try await second.client.cancel(id)
        _ = try await second.client.wait(for: id)
    }
}

extension HTTPClient {
    /// Asks for a job's end.
    fileprivate func cancel(_ id: String) async throws -> HTTPReply {
        try await send(HTTPRequest("POST", "/v1/jobs/\(id)/cancel"))
    }
}
