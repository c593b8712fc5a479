import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .serialized
)
struct ChaosTests {
    @Test func `whatever is killed and whoever interferes, every promise holds`() async throws {
        let chaos = try await Chaos(Chaos.Extent())
        print("chaos: seed \(chaos.extent.seed), \(chaos.extent.kills) kills")
        try await chaos.rage()
        try await chaos.settle()
        let client = chaos.server.client
        // Every 201 is there exactly once, and nothing else is.
        let listed = try await jobs(on: client)
        #expect(listed.count == chaos.accepted.count)
        #expect(Set(listed.compactMap { $0["id"]?.string }) == Set(chaos.accepted.values))
        let names = listed.compactMap { $0["name"]?.string }
        #expect(Set(names).count == names.count)
        var replays: [(job: JSONValue, edits: [JSONValue], weights: String)] = []
        for job in listed {
            let id = try #require(job["id"]?.string)
            let events = try await events(of: id, on: client)
            #expect(events.isComplete, "\(id)")
            chaos.noteRuns(events.grants)
            // One final state, which nothing followed.
            #expect(events.finals <= 1 + events.retries, "\(id)")
            let state = job["state"]?.string
            #expect(state == "succeeded" || state == "cancelled", "\(job)")
            try await audit(job, on: client)
            guard state == "succeeded" else { continue }
            replays.append(
                (job, try await edits(of: id, on: client), try await weights(of: id, on: client))
            )
        }
        try await replay(replays)
        print(chaos.report)
        for deed in Chaos.Deed.allCases where deed != .cancellation {
            #expect(
                chaos.counts[deed, default: 0] > 0,
                "\(deed.rawValue): none, so nothing is shown"
            )
        }
    }

    // MARK: - What is there

    private func jobs(on client: HTTPClient) async throws -> [JSONValue] {
        var jobs: [JSONValue] = []
        var target: String? = "/v1/jobs?limit=500"
        while let next = target {
            let page = try await client.get(next).json()
            jobs += page["items"]?.array ?? []
            target = page["next_cursor"]?.string.map { "/v1/jobs?limit=500&cursor=\($0)" }
        }
        return jobs
    }

    /// Every step once, at the rate that it was to have, and no hole in the curve.
    private func audit(_ job: JSONValue, on client: HTTPClient) async throws {
        let id = try #require(job["id"]?.string)
        let audit = try await client.get("/v1/jobs/\(id)/audit").json()
        #expect(audit["mismatches"]?.integer == 0, "\(id): \(audit)")
        #expect(audit["digest"] == audit["expected_digest"])
        guard let done = job["progress"]?["step"]?.integer else { return }
        let first = job["forked_from"]?["step"]?.integer ?? 0
        #expect(audit["steps"]?.integer == done - first, "\(id): \(audit)")
        guard done > first else { return }
        let losses = try await client.curve("train_loss", of: id)
        #expect(losses.steps == Array(first..<done), "\(id)")
    }

    private func events(
        of id: String,
        on client: HTTPClient
    ) async throws -> (isComplete: Bool, grants: Int, finals: Int, retries: Int) {
        var (last, grants, finals, retries) = (0, 0, 0, 0)
        var isComplete = true
        while true {
            let target = "/v1/jobs/\(id)/events?after=\(last)&wait_seconds=0"
            let page = try await client.get(target).json()
            for event in page["items"]?.array ?? [] {
                // What is no longer kept is told by a gap, which is no hole.
                if event["event"] == "gap" { last = event["data"]?["to"]?.integer ?? last }
                guard let number = event["id"]?.integer else { continue }
                isComplete = isComplete && number == last + 1
                last = number
                guard event["event"] == "state" else { continue }
                if event["data"]?["cause"] == "granted" { grants += 1 }
                if event["data"]?["cause"] == "retry" { retries += 1 }
                let state = event["data"]?["state"]?.string ?? ""
                if ["succeeded", "failed", "cancelled"].contains(state) { finals += 1 }
            }
            if page["complete"] == true { return (isComplete, grants, finals, retries) }
        }
    }

    private func weights(of id: String, on client: HTTPClient) async throws -> String {
        let listed = try await client.get("/v1/jobs/\(id)/artifacts").json()["items"]?.array
        return try #require(
            listed?.first { $0["name"]?.string == "model.safetensors" }?["hash"]?.string
        )
    }

    /// The edits of a job, each as it can be sent again.
    private func edits(of id: String, on client: HTTPClient) async throws -> [JSONValue] {
        let items = try await client.get("/v1/jobs/\(id)/schedule-edits").json()["items"]?.array
        return (items ?? []).map { item in
            var item = item
            for name in ["created_at", "author", "note"] {
                item[name] = Optional<JSONValue>.none
            }
            return item
        }
    }

    // MARK: - The undisturbed run

    /// Runs each job again from its first step, with its edits at their steps, and compares the weights.
    private func replay(
        _ jobs: [(job: JSONValue, edits: [JSONValue], weights: String)]
    ) async throws {
        let bench = try Bench(workers: 0)
        var server = try await bench.start()
        var expected: [String: String] = [:]
        for (job, edits, weights) in jobs {
            var specification = try #require(job["spec"])
            specification["priority"] = 0
            let body = String(decoding: try specification.encoded(), as: UTF8.self)
            let id = try await server.client.submit(body)
            expected[id] = weights
            for edit in edits {
                let reply = try await server.client.post(
                    "/v1/jobs/\(id)/schedule-edits",
                    json: edit,
                    fields: ["If-Match": "*"]
                )
                try #require(reply.status == 200, "\(reply)")
            }
        }
        await server.stop()
        var configuration = bench.configuration
        configuration.workers = 2
        server = try await RunningServer(configuration)
        for (id, weights) in expected {
            let job = try await server.client.wait(for: id)
            #expect(job["state"]?.string == "succeeded")
            #expect(try await self.weights(of: id, on: server.client) == weights, "\(job)")
        }
        withExtendedLifetime(bench) {}
    }
}
