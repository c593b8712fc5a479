import Foundation
import TestSupport
import Testing

extension Provocation {
    static let actions: [Provocation] =
        [
            act("pause", 200, "a queued job") { try await $0.submit() },
            act("pause", 202, "a running job") { try await $0.lease().job },
            act("pause", 409, "a cancelled job") { try await cancelled($0) },
            act("resume", 200, "a paused job") { stage in
                let id = try await stage.submit()
                _ = try await stage.manual.client.post("/v1/jobs/\(id)/pause")
                return id
            },
            act("resume", 200, "a queued job") { try await $0.submit() },
            act("resume", 409, "a cancelled job") { try await cancelled($0) },
            act("retry", 200, "a cancelled job") { try await cancelled($0) },
            act("retry", 409, "a queued job") { try await $0.submit() },
            Provocation("retryJob", 200, "from the start") { stage in
                try await stage.manual.client.post(
                    "/v1/jobs/\(try await cancelled(stage))/retry",
                    json: ["from": "start"]
                )
            },
            Provocation("retryJob", 422, "from the middle") { stage in
                try await stage.manual.client.post(
                    "/v1/jobs/\(try await cancelled(stage))/retry",
                    json: ["from": "middle"]
                )
            },
            retry(400, "half a document", body: #"{"from": "#),
            retry(415, "plain text", body: "start", type: "text/plain"),
            Provocation("retryJob", 413, "a length of 6 GiB, and nothing of it") { stage in
                var request = HTTPRequest(
                    "POST",
                    "/v1/jobs/\(Stage.nobody)/retry",
                    fields: ["Content-Type": "application/json"]
                )
                request.announcedLength = 6 << 30
                return try await stage.manual.client.send(request)
            },
            Provocation("deleteJob", 204, "a cancelled job") { stage in
                let id = try await cancelled(stage)
                return try await stage.manual.client.send(HTTPRequest("DELETE", "/v1/jobs/\(id)"))
            },
            Provocation("deleteJob", 404, "a job that never was") {
                try await $0.manual.client.send(HTTPRequest("DELETE", "/v1/jobs/\(Stage.nobody)"))
            },
            Provocation("deleteJob", 409, "a queued job") { stage in
                let id = try await stage.submit()
                return try await stage.manual.client.send(HTTPRequest("DELETE", "/v1/jobs/\(id)"))
            },
            Provocation("deleteJob", 422, "a parameter that is none") {
                try await $0.manual.client.send(
                    HTTPRequest("DELETE", "/v1/jobs/\(Stage.nobody)?really=true")
                )
            },
            Provocation("deleteJob", 503, "a store that cannot be written") {
                try await $0.failing.client.send(HTTPRequest("DELETE", "/v1/jobs/\($0.stuck)"))
            },
        ]
        + ["cancel", "pause", "resume", "retry"].flatMap { action in
            [
                act(action, 404, "a job that never was") { _ in Stage.nobody },
                Provocation("\(action)Job", 422, "a key that is too long") {
                    try await $0.manual.client.post(
                        "/v1/jobs/\(Stage.nobody)/\(action)",
                        fields: ["Idempotency-Key": String(repeating: "k", count: 256)]
                    )
                },
                Provocation("\(action)Job", 503, "a store that cannot be written") {
                    // After a write that failed, nothing is even tried.
                    _ = try await $0.failing.client.post("/v1/jobs", json: Sample.small)
                    return try await $0.failing.client.post("/v1/jobs/\($0.stuck)/\(action)")
                },
            ]
        }
        + [
            Provocation("pauseJob", 200, "a repeat", fields: ["Idempotent-Replayed"]) { stage in
                let path = "/v1/jobs/\(try await stage.submit())"
                let key: KeyValuePairs = ["Idempotency-Key": UUID().uuidString]
                let client = stage.manual.client
                let first = try await client.post(path + "/pause", fields: key)
                _ = try await client.post(path + "/resume")
                let again = try await client.post(path + "/pause", fields: key)
                #expect(again.body == first.body)
                #expect(again.field("ETag") == first.field("ETag"))
                #expect(try await client.get(path).json()["state"] == "queued")
                return again
            }
        ]

    private static func act(
        _ action: String,
        _ status: Int,
        _ title: String,
        _ job: @escaping @Sendable (Stage) async throws -> String
    ) -> Provocation {
        Provocation("\(action)Job", status, title) { stage in
            let id = try await job(stage)
            return try await stage.manual.client.post("/v1/jobs/\(id)/\(action)")
        }
    }

    private static func retry(
        _ status: Int,
        _ title: String,
        body: String,
        type: String = "application/json"
    ) -> Provocation {
        Provocation("retryJob", status, title) { stage in
            let path = "/v1/jobs/\(try await cancelled(stage))/retry"
            let request = HTTPRequest(
                "POST",
                path,
                fields: ["Content-Type": type],
                body: Array(body.utf8)
            )
            return try await stage.manual.client.send(request)
        }
    }

    private static func cancelled(_ stage: Stage) async throws -> String {
        let id = try await stage.submit()
        _ = try await stage.manual.client.post("/v1/jobs/\(id)/cancel")
        return id
    }
}
