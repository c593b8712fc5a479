import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct EditTests {
    private static let steps = 20_000
    private static let job = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [32]},
         "schedule": {"type": "cosine", "learning_rate": 0.01}, "steps": \(steps), "seed": 3,
         "batch_size": 256,
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
        let bench = try Bench(workers: 1, arguments: ["--lease-term", "600s"])
        var server = try await bench.start()
        let id = try await server.client.submit(Self.job)
        let reached = try await checkpoint(past: 0, of: id, on: server)
        // However slow this process is: the worker stands still until the edit is taken.
        for worker in server.workerProcessIDs { kill(worker, SIGSTOP) }
        let first = try await edit(id, #"{"scale": 0.5, "note": "too steep"}"#, on: server)
        #expect(first["from_step"]?.integer ?? 0 > reached)
        #expect(first["after"]?.number == (first["before"]?.number ?? 0) * 0.5)
        for worker in server.workerProcessIDs { kill(worker, SIGKILL) }
        _ = try await checkpoint(past: first["from_step"]?.integer ?? 0, of: id, on: server)
        for worker in server.workerProcessIDs { kill(worker, SIGSTOP) }
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
        let audit = try await server.client.get("/v1/jobs/\(id)/audit").json()
        #expect(audit["steps"]?.integer == Self.steps && audit["mismatches"]?.integer == 0)
        #expect(audit["digest"] == audit["expected_digest"])
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

    @Test func `a fork that carries the rates ends with the weights of the job itself`()
        async throws
    {
        let bench = try Bench(workers: 1, arguments: ["--lease-term", "600s"])
        let server = try await bench.start()
        let client = server.client
        let id = try await client.submit(Self.job)
        _ = try await checkpoint(past: 0, of: id, on: server)
        for worker in server.workerProcessIDs { kill(worker, SIGSTOP) }
        _ = try await edit(id, #"{"scale": 0.5}"#, on: server)
        func fork(_ action: String, _ body: String) async throws -> String {
            let reply = try await client.send(
                HTTPRequest(
                    "POST",
                    "/v1/jobs/\(id)/\(action)",
                    fields: ["Content-Type": "application/json"],
                    body: Array(body.utf8)
                )
            )
            try #require(reply.status == 201, "\(reply)")
            return try #require(try reply.json()["id"]?.string)
        }
        let carried = try await fork("fork", #"{"changes": {"name": "carried"}}"#)
        let origin = try await client.job(carried)["forked_from"]
        #expect(origin?["job_id"]?.string == id)
        for worker in server.workerProcessIDs { kill(worker, SIGCONT) }
        let expected = try await weights(of: id, on: server)
        #expect(try await weights(of: carried, on: server) == expected)
        // Both had the edit: the fork too, although its checkpoint is older.
        let twice = try await fork("extend", "{\"steps\": \(Self.steps + 2_000)}")
        let saved = try await client.get("/v1/jobs/\(id)/checkpoints").json()["items"]?.array
        let early = try #require(saved?.first?["step"]?.integer)
        let cooled = try await fork("cooldown", "{\"from_step\": \(early), \"over\": \"1000ba\"}")
        for (job, steps) in [(twice, Self.steps + 2_000), (cooled, early + 1_000)] {
            let ended = try await client.wait(for: job)
            #expect(ended["state"]?.string == "succeeded", "\(ended)")
            let losses = try await client.curve("train_loss", of: job)
            #expect(losses.steps.last == steps - 1)
            // A job's own points begin where it goes on.
            #expect(losses.steps.first == (job == twice ? Self.steps : early))
        }
        // The parent's checkpoints go with it; those that its forks began with stay.
        _ = try await client.send(HTTPRequest("DELETE", "/v1/jobs/\(id)"))
        let kept = try await client.get("/v1/jobs/\(twice)/checkpoints").json()["items"]?.array
        #expect(kept?.first?["step"]?.integer == Self.steps)
        let step = try await client.get("/v1/jobs/\(twice)/checkpoints/\(Self.steps)")
        #expect(step.status == 200)
        // The data folder lives as long as the bench.
        withExtendedLifetime(bench) {}
    }
}
