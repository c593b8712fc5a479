import Foundation
import TestSupport
import Testing

extension Provocation {
    static let edits: [Provocation] = [
        edit(200, "a queued job's rate, doubled", ["scale": 2]) { try await $0.submit() },
        edit(200, "a running job's rate, held", ["learning_rate": 0.01], tag: "1") { stage in
            let job = Sample.job([
                "epochs": Optional<JSONValue>.none, "steps": 100_000, "priority": 1_000,
            ])
            let reply = try await stage.manual.client.post("/v1/jobs", json: job)
            // The next lease, whoever takes it, is that of the first in the queue.
            _ = try await stage.lease()
            return try #require(try reply.json()["id"]?.string)
        },
        edit(200, "a paused job's schedule", ["schedule": ["type": "linear"]], tag: "*") { stage in
            let id = try await stage.submit()
            _ = try await stage.manual.client.post("/v1/jobs/\(id)/pause")
            return id
        },
        edit(200, "a look", ["schedule": ["type": "linear"]], query: "?validate_only=true") {
            try await $0.submit()
        },
        edit(404, "a job that never was", ["scale": 2]) { _ in Stage.nobody },
        edit(409, "a job that is final", ["scale": 2]) { stage in
            let id = try await stage.submit()
            _ = try await stage.manual.client.post("/v1/jobs/\(id)/cancel")
            return id
        },
        edit(409, "a step that was granted", ["scale": 2, "from_step": 0]) {
            try await $0.lease().job
        },
        edit(412, "rates that have changed since", ["learning_rate": 1], tag: "7") {
            try await $0.submit()
        },
        edit(422, "two forms at once", ["scale": 2, "learning_rate": 1]) { try await $0.submit() },
        edit(422, "no form", [:]) { try await $0.submit() },
        edit(422, "a step past the run", ["scale": 2, "from_step": 100_000]) {
            try await $0.submit()
        },
        edit(422, "a reduction that never was", ["veto_reduction_at": 0], tag: "*") {
            try await $0.submit()
        },
        edit(422, "a schedule that does not fit", ["schedule": ["type": "cosin"]], tag: "*") {
            try await $0.submit()
        },
        edit(428, "a held rate without a look at it", ["learning_rate": 1]) {
            try await $0.submit()
        },
        Provocation("editSchedule", 400, "half a document") { stage in
            try await send(stage, Array(#"{"scale": "#.utf8))
        },
        Provocation("editSchedule", 415, "plain text") { stage in
            try await send(stage, Array("scale".utf8), type: "text/plain")
        },
        Provocation("editSchedule", 413, "a length of 6 GiB, and nothing of it") { stage in
            var request = HTTPRequest(
                "POST",
                "/v1/jobs/\(Stage.nobody)/schedule-edits",
                fields: ["Content-Type": "application/json"]
            )
            request.announcedLength = 6 << 30
            return try await stage.manual.client.send(request)
        },
        Provocation("editSchedule", 422, "a key that is too long") { stage in
            try await stage.manual.client.post(
                "/v1/jobs/\(Stage.nobody)/schedule-edits",
                json: ["scale": 2],
                fields: ["Idempotency-Key": String(repeating: "k", count: 256)]
            )
        },
        Provocation("editSchedule", 503, "a store that cannot be written") { stage in
            _ = try await stage.failing.client.post("/v1/jobs", json: Sample.small)
            let path = "/v1/jobs/\(stage.stuck)/schedule-edits"
            return try await stage.failing.client.post(path, json: ["scale": 2])
        },
        Provocation("editSchedule", 200, "a repeat", fields: ["Idempotent-Replayed"]) { stage in
            let path = "/v1/jobs/\(try await stage.submit())"
            let key: KeyValuePairs = ["Idempotency-Key": UUID().uuidString]
            let client = stage.manual.client
            let edits = path + "/schedule-edits"
            let first = try await client.post(edits, json: ["scale": 2], fields: key)
            // Not even the job's end changes the answer to a repeat.
            _ = try await client.post(path + "/cancel")
            let again = try await client.post(edits, json: ["scale": 2], fields: key)
            #expect(again.body == first.body)
            #expect(try await client.get(edits).json()["items"]?.array?.count == 1)
            return again
        },
        Provocation("listEdits", 200, "a job with two") { stage in
            let path = "/v1/jobs/\(try await stage.submit())/schedule-edits"
            let client = stage.manual.client
            _ = try await client.post(path, json: ["scale": 2, "from_step": 9])
            _ = try await client.post(path, json: ["scale": 3, "note": "too slow"])
            let reply = try await client.get(path)
            let items = try reply.json()["items"]?.array ?? []
            #expect(items.map { $0["from_step"]?.integer } == [0, 9])
            #expect(items.first?["note"] == "too slow")
            return reply
        },
        unchanged("listEdits", "edits that the client has") { stage in
            (stage.training.client, "/v1/jobs/\(stage.finished)/schedule-edits")
        },
        Provocation("auditJob", 200, "a job that has ended") { stage in
            let reply = try await stage.training.client.get("/v1/jobs/\(stage.finished)/audit")
            let audit = try reply.json()
            #expect(audit["mismatches"] == 0)
            #expect(audit["digest"] == audit["expected_digest"])
            return reply
        },
        Provocation("auditJob", 404, "a job that never was") {
            try await $0.manual.client.get("/v1/jobs/\(Stage.nobody)/audit")
        },
        unchanged("auditJob", "an audit that the client has") { stage in
            (stage.training.client, "/v1/jobs/\(stage.finished)/audit")
        },
        Provocation("listEdits", 404, "a job that never was") {
            try await $0.manual.client.get("/v1/jobs/\(Stage.nobody)/schedule-edits")
        },
    ]

    private static func edit(
        _ status: Int,
        _ title: String,
        _ body: JSONValue,
        tag: String? = nil,
        query: String = "",
        _ job: @escaping @Sendable (Stage) async throws -> String
    ) -> Provocation {
        Provocation("editSchedule", status, title) { stage in
            let path = "/v1/jobs/\(try await job(stage))/schedule-edits\(query)"
            guard let tag else { return try await stage.manual.client.post(path, json: body) }
            return try await stage.manual.client.post(
                path,
                json: body,
                fields: ["If-Match": tag == "*" ? tag : "\"\(tag)\""]
            )
        }
    }

    private static func send(
        _ stage: Stage,
        _ body: [UInt8],
        type: String = "application/json"
    ) async throws -> HTTPReply {
        let path = "/v1/jobs/\(try await stage.submit())/schedule-edits"
        return try await stage.manual.client.send(
            HTTPRequest("POST", path, fields: ["Content-Type": type], body: body)
        )
    }
}
