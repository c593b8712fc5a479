import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct ScheduleTests {
    private func put(_ schedule: String, _ client: HTTPClient) async throws -> JSONValue {
        let reply = try await client.send(
            HTTPRequest(
                "PUT",
                "/v1/schedules/mine",
                fields: ["Content-Type": "application/json"],
                body: Array(schedule.utf8)
            )
        )
        return try reply.json()
    }

    /// A job under the stored schedule that runs long enough to be killed.
    private let job = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64, 64]},
         "optimizer": {"type": "sgd"}, "schedule": {"name": "mine"}, "steps": 12000,
         "batch_size": 64, "evaluate": {"every": {"steps": 200}}}
        """

    @Test func `a job keeps its stored plateau through the deaths of server and worker`()
        async throws
    {
        let plateau = """
            {"library": "torch", "name": "ReduceLROnPlateau", "learning_rate": 0.1,
             "params": {"factor": 0.5, "patience": 2}}
            """
        let bench = try Bench(workers: 1)
        var server = try await bench.start()
        #expect(try await put(plateau, server.client)["version"]?.integer == 1)
        // What was answered is stored, however soon the server dies.
        #expect(await server.kill() == .signal(SIGKILL))
        server = try await bench.start()
        let id = try await server.client.submit(job)
        let newer = #"{"type": "constant", "learning_rate": 0.5}"#
        #expect(try await put(newer, server.client)["version"]?.integer == 2)
        _ = try await server.client.wait(for: id) { $0 == "running" }
        for worker in server.workerProcessIDs { kill(worker, SIGKILL) }
        _ = try await server.client.wait(for: id) { $0 == "running" }
        #expect(await server.kill() == .signal(SIGKILL))
        server = try await bench.start()
        let ended = try await server.client.wait(for: id)
        #expect(ended["state"]?.string == "succeeded", "\(ended)")
        #expect(ended["spec"]?["schedule"]?["version"]?.integer == 1)
        _ = try await put(plateau, server.client)
        let undisturbed = try await server.client.submit(job)
        _ = try await server.client.wait(for: undisturbed)
        let rates = try await server.client.curve("learning_rate", of: id)
        let others = try await server.client.curve("learning_rate", of: undisturbed)
        #expect(rates.steps == Array(0..<12_000))
        #expect(rates.values.map(\.bitPattern) == others.values.map(\.bitPattern))
        // The rates that were used are those that the service shows, and it says why they fell.
        let shown = try await server.client.get("/v1/jobs/\(id)/schedule").json()
        #expect(shown["learning_rates"]?.array?.compactMap(\.number) == rates.values)
        let events = shown["events"]?.array ?? []
        #expect(!events.isEmpty)
        let step = try #require(events.first?["step"]?.integer)
        let why = try await server.client.get("/v1/jobs/\(id)/explain?step=\(step)").json()
        #expect(why["learning_rate"]?.number == rates.values[step])
    }
}
