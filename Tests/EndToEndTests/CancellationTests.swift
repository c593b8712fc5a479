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
