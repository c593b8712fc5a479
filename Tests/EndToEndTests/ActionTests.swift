import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct ActionTests {
    /// A job that takes far longer than any test.
    private static let long = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64]},
         "schedule": {"learning_rate": 0.001}, "steps": 1000000000}
        """

    @Test func `a job is paused while it runs, goes on, and is deleted at its end`() async throws {
        let server = try await Bench().start()
        let client = server.client
        let id = try await client.submit(Self.long)
        _ = try await client.wait(for: id) { $0 == "running" }
        let pausing = try await client.act("pause", on: id)
        #expect(pausing.status == 202)
        #expect(try pausing.json()["state"]?.string == "pausing")
        let paused = try await client.wait(for: id) { $0 == "paused" }
        #expect(paused["attempt"]?.integer == 0)
        #expect(try await client.act("pause", on: id).status == 200)
        // The worker is free for others meanwhile.
        let other = try await client.submit(
            #"{"dataset": {"name": "spirals"}, "model": {"type": "softmax"}, "steps": 1}"#
        )
        #expect(try await client.wait(for: other)["state"]?.string == "succeeded")
        #expect(try await client.act("resume", on: id).status == 200)
        _ = try await client.wait(for: id) { $0 == "running" }
        let refused = try await client.send(HTTPRequest("DELETE", "/v1/jobs/\(id)"))
        #expect(refused.status == 409)
        _ = try await client.act("cancel", on: id)
        _ = try await client.wait(for: id)
        // An ended job may be answered from memory; what becomes of it is seen at once all the same.
        let ended = try await client.get("/v1/jobs/\(id)")
        let again = try await client.get("/v1/jobs/\(id)")
        #expect(ended.text == again.text)
        #expect(try await client.act("retry", on: id).status == 200)
        #expect(try await client.get("/v1/jobs/\(id)").json()["state"]?.string != "cancelled")
        _ = try await client.act("cancel", on: id)
        _ = try await client.wait(for: id)
        let deleted = try await client.send(HTTPRequest("DELETE", "/v1/jobs/\(id)"))
        #expect(deleted.status == 204)
        for path in ["", "/events", "/logs", "/metrics"] {
            #expect(try await client.get("/v1/jobs/\(id)\(path)").status == 404)
        }
    }

    @Test func `a cancellation beats a pause that is under way`() async throws {
        let server = try await Bench().start()
        let id = try await server.client.submit(Self.long)
        _ = try await server.client.wait(for: id) { $0 == "running" }
        for worker in server.workerProcessIDs { kill(worker, SIGSTOP) }
        _ = try await server.client.act("pause", on: id)
        let cancelling = try await server.client.act("cancel", on: id)
        #expect(try cancelling.json()["state"]?.string == "cancelling")
        for worker in server.workerProcessIDs { kill(worker, SIGCONT) }
        #expect(try await server.client.wait(for: id)["state"]?.string == "cancelled")
    }

    @Test func `a worker that does not let go is stopped after its grace`() async throws {
        let bench = try Bench(arguments: ["--grace", "500ms"])
        let server = try await bench.start()
        let id = try await server.client.submit(Self.long)
        _ = try await server.client.wait(for: id) { $0 == "running" }
        let workers = server.workerProcessIDs
        for worker in workers { kill(worker, SIGSTOP) }
        _ = try await server.client.act("pause", on: id)
        let paused = try await server.client.wait(for: id) { $0 == "paused" }
        #expect(paused["attempt"]?.integer == 0)
        _ = try await server.client.act("resume", on: id)
        // The stopped process is gone, and another has taken its place.
        _ = try await server.client.wait(for: id) { $0 == "running" }
        #expect(Set(server.workerProcessIDs).isDisjoint(with: workers))
        let log = try await server.client.get("/v1/jobs/\(id)/logs").text
        #expect(log.contains("did not let go"))
    }
}

extension HTTPClient {
    fileprivate func act(_ action: String, on id: String) async throws -> HTTPReply {
        try await send(HTTPRequest("POST", "/v1/jobs/\(id)/\(action)"))
    }
}
