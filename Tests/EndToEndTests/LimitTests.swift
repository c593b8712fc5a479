import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct LimitTests {
    private static func long(_ fields: String) -> String {
        """
        {\(fields), "dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64]},
         "schedule": {"learning_rate": 0.001}, "steps": 1000000000}
        """
    }

    @Test func `a job ends when it has run for as long as it may, with a checkpoint of its work`()
        async throws
    {
        let bench = try Bench()
        let server = try await bench.start()
        let client = server.client
        let id = try await client.submit(Self.long(#""maximum_seconds": 1"#))
        let job = try await client.wait(for: id)
        #expect(job["state"]?.string == "failed", "\(job)")
        #expect(job["failure"]?["code"]?.string == "deadline")
        #expect(job["failure"]?["detail"]?.string?.contains("maximum_seconds is 1") == true)
        let saved = try await client.get("/v1/jobs/\(id)/checkpoints").json()["items"]?.array
        // A machine may be so busy that a second is over before the first step.
        let step = try #require(job["progress"]?["step"]?.integer)
        #expect(saved?.last?["step"]?.integer ?? 0 == step)
        // A retry goes on from there, and has a second more.
        _ = try await client.send(HTTPRequest("POST", "/v1/jobs/\(id)/retry"))
        let again = try await client.wait(for: id)
        #expect(again["failure"]?["code"]?.string == "deadline")
        #expect(again["progress"]?["step"]?.integer ?? -1 >= step)
        withExtendedLifetime(bench) {}
    }

    @Test func `jobs of one label run one after the other, and others beside them`() async throws {
        let bench = try Bench(workers: 3, arguments: ["--label-limit", "team=vision:1"])
        let server = try await bench.start()
        let client = server.client
        let first = try await client.submit(Self.long(#""labels": {"team": "vision"}"#))
        let second = try await client.submit(Self.long(#""labels": {"team": "vision"}"#))
        let other = try await client.submit(Self.long(#""labels": {"team": "audio"}"#))
        _ = try await client.wait(for: first) { $0 == "running" }
        _ = try await client.wait(for: other) { $0 == "running" }
        let waiting = try await client.job(second)
        #expect(waiting["state"]?.string == "queued")
        #expect(
            waiting["state_reason"]?.string
                == "Waits: 1 job runs with the label team=vision, and no more may at once."
        )
        _ = try await client.send(HTTPRequest("POST", "/v1/jobs/\(first)/cancel"))
        _ = try await client.wait(for: second) { $0 == "running" }
        #expect(try await client.job(first)["state"]?.string == "cancelled")
        withExtendedLifetime(bench) {}
    }
}
