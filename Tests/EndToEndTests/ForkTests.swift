import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct ForkTests {
    private static let steps = 600
    private static let job = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [16]},
         "optimizer": {"type": "sgd"}, "schedule": {"type": "cosine", "learning_rate": 0.1, "to": 0.02},
         "steps": \(steps)}
        """

    /// The job that has ended, with a checkpoint of its last step.
    private func finishedJob(on client: HTTPClient) async throws -> String {
        let id = try await client.submit(Self.job)
        try #require(try await client.wait(for: id)["state"]?.string == "succeeded")
        let saved = try await client.get("/v1/jobs/\(id)/checkpoints").json()["items"]?.array
        try #require(saved?.last?["step"]?.integer == Self.steps)
        return id
    }

    private func post(_ path: String, _ body: String, on client: HTTPClient) async throws
        -> JSONValue
    {
        let reply = try await client.send(
            HTTPRequest(
                "POST",
                path,
                fields: ["Content-Type": "application/json"],
                body: Array(body.utf8)
            )
        )
        try #require([200, 201].contains(reply.status), "\(reply)")
        return try reply.json()
    }

    @Test(arguments: ["restart", "splice", "rescale"])
    func `a fork trains at the rates that were shown before it was made`(
        policy: String
    ) async throws {
        let bench = try Bench()
        let server = try await bench.start()
        let client = server.client
        let parent = try await finishedJob(on: client)
        let body = """
            {"changes": {"schedule": {"type": "linear", "learning_rate": 0.04, "to": 0.001},
                         "steps": 1000}, "learning_rate_policy": "\(policy)"}
            """
        let path = "/v1/jobs/\(parent)/fork"
        let preview = try await post("\(path)?validate_only=true", body, on: client)
        let made = try await post(path, body, on: client)
        let id = try #require(made["id"]?.string)
        let ended = try await client.wait(for: id)
        #expect(ended["state"]?.string == "succeeded", "\(ended)")
        let used = try await client.curve("learning_rate", of: id)
        #expect(used.steps.elementsEqual(Self.steps..<1_000))
        for item in preview["join"]?.array ?? [] {
            let step = try #require(item["step"]?.integer)
            guard step >= Self.steps else { continue }
            #expect(item["after"]?.number == used.values[step - Self.steps], "step \(step)")
        }
        let own = try await client.curve("learning_rate", of: parent)
        let whole = (0..<1_000).map { 0.04 + (0.001 - 0.04) * Double($0) / 1_000 }
        let rest = (0..<400).map { 0.04 + (0.001 - 0.04) * Double($0) / 400 }
        let expected: [Double] =
            switch policy {
            case "restart": rest
            case "rescale": Array(whole[600...])
            // The rate of the step that the parent would have made next.
            default: whole[600...].map { $0 / whole[600] * 0.02 }
            }
        for (rate, wanted) in zip(used.values, expected) {
            #expect(abs(rate / wanted - 1) < 1e-9)
        }
        #expect(own.steps.elementsEqual(0..<Self.steps))
        let audit = try await client.get("/v1/jobs/\(id)/audit").json()
        #expect(audit["mismatches"]?.integer == 0)
        #expect(audit["steps"]?.integer == 400)
        withExtendedLifetime(bench) {}
    }
}
