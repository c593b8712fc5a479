import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct EditTests {
    private static let steps = 30_000
    private static let job = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [32]},
         "schedule": {"type": "cosine", "learning_rate": 0.01}, "steps": \(steps), "seed": 3,
         "checkpoint": {"every": {"seconds": 0.05}}}
        """

    private func edit(
        _ id: String,
        _ body: String,
        on server: RunningServer
    ) async throws -> JSONValue {
        let reply = try await server.client.send(
            HTTPRequest(
                "POST",
                "/v1/jobs/\(id)/schedule-edits",
                fields: ["Content-Type": "application/json", "If-Match": "*"],
                body: Array(body.utf8)
            )
        )
        try #require(reply.status == 200, "\(reply)")
        return try reply.json()
    }

    private func weights(of id: String, on server: RunningServer) async throws -> String {
        let job = try await server.client.wait(for: id)
        try #require(job["state"]?.string == "succeeded", "\(job)")
        let listed = try await server.client.get("/v1/jobs/\(id)/artifacts").json()["items"]?.array
        return try #require(
            listed?.first { $0["name"]?.string == "model.safetensors" }?["hash"]?.string
        )
    }

    /// Waits until the job has a checkpoint past `step`, and returns its step.
    private func checkpoint(
        past step: Int,
        of id: String,
        on server: RunningServer
    ) async throws -> Int {
        while true {
            let path = "/v1/jobs/\(id)/checkpoints"
            let items = try await server.client.get(path).json()["items"]?.array ?? []
            if let newest = items.last?["step"]?.integer, newest > step { return newest }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The edits of a job, each as it can be sent again.
    private func edits(of id: String, on server: RunningServer) async throws -> [JSONValue] {
        let reply = try await server.client.get("/v1/jobs/\(id)/schedule-edits")
        return (try reply.json()["items"]?.array ?? []).map { item in
            var item = item
            for name in ["created_at", "author", "note"] { item[name] = Optional<JSONValue>.none }
            return item
        }
    }

    @Test func `edits while a job runs, through kills, give what their replay gives`() async throws
    {
        let bench = try Bench(workers: 1)
        var server = try await bench.start()
        let id = try await server.client.submit(Self.job)
        let reached = try await checkpoint(past: 0, of: id, on: server)
        let first = try await edit(id, #"{"scale": 0.5, "note": "too steep"}"#, on: server)
        #expect(first["from_step"]?.integer ?? 0 > reached)
        #expect(first["after"]?.number == (first["before"]?.number ?? 0) * 0.5)
        for worker in server.workerProcessIDs { kill(worker, SIGKILL) }
        _ = try await checkpoint(past: first["from_step"]?.integer ?? 0, of: id, on: server)
        _ = try await edit(id, #"{"schedule": {"type": "linear"}}"#, on: server)
        #expect(await server.kill() == .signal(SIGKILL))
        server = try await bench.start()
        _ = try await server.client.send(HTTPRequest("POST", "/v1/jobs/\(id)/pause"))
        _ = try await server.client.wait(for: id) { $0 == "paused" }
        _ = try await edit(id, #"{"learning_rate": 0.002}"#, on: server)
        _ = try await server.client.send(HTTPRequest("POST", "/v1/jobs/\(id)/resume"))
        let expected = try await weights(of: id, on: server)
        let edits = try await edits(of: id, on: server)
        #expect(edits.count == 3)
        // What was applied is what is said to have been in force.
        let applied = try await server.client.curve("learning_rate", of: id)
        let stated = try await server.client.get("/v1/jobs/\(id)/schedule").json()
        #expect(applied.values == stated["learning_rates"]?.array?.compactMap(\.number))
        #expect(applied.steps == Array(0..<Self.steps))
        // The same edits, all of them before the first step.
        let undisturbed = try Bench(workers: 0)
        var other = try await undisturbed.start()
        let replay = try await other.client.submit(Self.job)
        for edit in edits {
            let body = String(decoding: try edit.encoded(), as: UTF8.self)
            _ = try await self.edit(replay, body, on: other)
        }
        #expect(await other.stop() == .exit(0))
        var configuration = undisturbed.configuration
        configuration.workers = 1
        other = try await RunningServer(configuration)
        #expect(try await weights(of: replay, on: other) == expected)
        withExtendedLifetime(undisturbed) {}
    }
}
