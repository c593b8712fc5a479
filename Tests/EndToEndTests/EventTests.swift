import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct EventTests {
    /// A job that runs whenever its server is killed, and until it is cancelled.
    private static let job = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64, 64]},
         "schedule": {"learning_rate": 0.0001}, "steps": 1000000000, "batch_size": 64,
         "checkpoint": {"every": {"seconds": 0.3}}}
        """

    @Test func `a replay across a killed server has no gap and nothing twice`() async throws {
        let bench = try Bench()
        var server = try await bench.start()
        let id = try await server.client.submit(Self.job)
        var ids: [Int] = []
        var names: [String] = []
        var kills = 0
        var isComplete = false
        while !isComplete {
            let target = "/v1/jobs/\(id)/events?after=\(ids.last ?? 0)&wait_seconds=20"
            let page = try await server.client.get(target).json()
            for event in page["items"]?.array ?? [] {
                if let id = event["id"]?.integer { ids.append(id) }
                names.append(event["event"]?.string ?? "")
            }
            isComplete = page["complete"] == true
            if kills < 2, names.filter({ $0 == "metrics" }).count > 2 * (kills + 1) {
                kills += 1
                #expect(await server.kill() == .signal(9))
                server = try await bench.start()
            } else if kills == 2, names.suffix(4).contains("metrics"), names.contains("checkpoint")
            {
                _ = try await server.client.send(HTTPRequest("POST", "/v1/jobs/\(id)/cancel"))
            }
        }
        #expect(kills == 2)
        #expect(ids == Array(1...(ids.last ?? 1)))
        #expect(names.last == "end")
        #expect(Set(names) == ["state", "metrics", "checkpoint", "log", "end"])
        let stream = try await server.client.get("/v1/jobs/\(id)/events").text
        let replayed = stream.split(separator: "\n").filter { $0.hasPrefix("id: ") }
            .compactMap { Int($0.dropFirst(4)) }
        #expect(replayed == ids)
        let rest = try await server.client.get(
            "/v1/jobs/\(id)/events",
            fields: ["Last-Event-ID": "\((ids.last ?? 1) - 1)"]
        )
        #expect(rest.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.count == 1)
        let log = try await server.client.get("/v1/jobs/\(id)/logs?follow=true").text
        #expect(log.contains("-- accepted\n"))
        #expect(log.contains("rows to train on"))
        #expect(log.contains("the worker ended with its server"))
        #expect(log.contains("cancelled\n"))
        withExtendedLifetime(bench) {}
    }
}
