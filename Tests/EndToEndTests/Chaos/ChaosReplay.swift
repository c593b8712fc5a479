import Foundation
import TestSupport
import Testing

/// Jobs that were disturbed, to be run again undisturbed from their first step, with their edits at their
/// steps; the weights must be the same to the last bit.
///
/// Jobs that come to the same are run once for all.
struct ChaosReplay {
    private struct Work: Hashable {
        let specification: String
        let edits: [String]
    }

    private var expected: [Work: Set<String>] = [:]
    /// How many jobs were noted.
    private(set) var jobs = 0
    /// How many different ones.
    var count: Int { expected.count }

    /// Notes a job that has succeeded, and what it came to.
    mutating func note(_ job: JSONValue, edits: [JSONValue], weights: String) throws {
        var specification = try #require(job["spec"])
        specification["priority"] = 0
        for name in ["name", "labels"] { specification[name] = Optional<JSONValue>.none }
        let work = Work(
            specification: String(decoding: try specification.encoded(), as: UTF8.self),
            edits: try edits.map { String(decoding: try $0.encoded(), as: UTF8.self) }
        )
        expected[work, default: []].insert(weights)
        jobs += 1
    }

    /// Runs every job, and compares.
    func run() async throws {
        let bench = try Bench(workers: 0)
        var server = try await bench.start()
        var runs: [String: Set<String>] = [:]
        for (work, weights) in expected {
            let id = try await server.client.submit(work.specification)
            runs[id] = weights
            for edit in work.edits {
                let reply = try await server.client.send(
                    HTTPRequest(
                        "POST",
                        "/v1/jobs/\(id)/schedule-edits",
                        fields: ["Content-Type": "application/json", "If-Match": "*"],
                        body: Array(edit.utf8)
                    )
                )
                try #require(reply.status == 200, "\(reply)")
            }
        }
        await server.stop()
        var configuration = bench.configuration
        configuration.workers = 2
        server = try await RunningServer(configuration)
        for (id, weights) in runs {
            let job = try await server.client.wait(for: id)
            #expect(job["state"]?.string == "succeeded")
            #expect(try await server.client.weights(of: id) == weights.first, "\(job)")
            #expect(weights.count == 1, "equal jobs came to different weights: \(job)")
        }
        withExtendedLifetime(bench) {}
    }
}

extension HTTPClient {
    /// The hash of a job's final weights.
    func weights(of id: String) async throws -> String {
        let listed = try await get("/v1/jobs/\(id)/artifacts").json()["items"]?.array
        return try #require(
            listed?.first { $0["name"]?.string == "model.safetensors" }?["hash"]?.string
        )
    }

    /// The edits of a job, each as it can be sent again.
    func sendableEdits(of id: String) async throws -> [JSONValue] {
        let items = try await get("/v1/jobs/\(id)/schedule-edits").json()["items"]?.array
        return (items ?? []).map { item in
            var item = item
            for name in ["created_at", "author", "note"] {
                item[name] = Optional<JSONValue>.none
            }
            return item
        }
    }
}
