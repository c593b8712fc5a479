import Foundation
import TestSupport
import Testing

extension Provocation {
    static let submission: [Provocation] =
        [
            Provocation("submitJob", 200, "a check alone") {
                try await $0.manual.client.post(
                    "/v1/jobs?validate_only=true",
                    json: Sample.small
                )
            },
            Provocation("submitJob", 201, "YAML") {
                let type: KeyValuePairs = ["Content-Type": "application/yaml"]
                let body = Array(Sample.yaml.utf8)
                return try await $0.manual.client.send(
                    HTTPRequest("POST", "/v1/jobs", fields: type, body: body)
                )
            },
            Provocation("submitJob", 201, "a repeat", fields: ["Idempotent-Replayed"]) { stage in
                let key: KeyValuePairs = ["Idempotency-Key": UUID().uuidString]
                let client = stage.manual.client
                let first = try await client.post("/v1/jobs", json: Sample.small, fields: key)
                let again = try await client.post("/v1/jobs", json: Sample.small, fields: key)
                #expect(first.field("Idempotent-Replayed") == nil)
                #expect(again.body == first.body)
                return again
            },
            Provocation("submitJob", 422, "another body under a used key") { stage in
                let key: KeyValuePairs = ["Idempotency-Key": UUID().uuidString]
                let client = stage.manual.client
                _ = try await client.post("/v1/jobs", json: Sample.small, fields: key)
                return try await client.post(
                    "/v1/jobs",
                    json: Sample.job(["seed": 2]),
                    fields: key
                )
            },
            Provocation("submitJob", 422, "a key that is too long") {
                try await $0.manual.client.post(
                    "/v1/jobs",
                    json: Sample.small,
                    fields: ["Idempotency-Key": String(repeating: "k", count: 256)]
                )
            },
            Provocation("submitJob", 422, "a query that is neither true nor false") {
                try await $0.manual.client.post("/v1/jobs?validate_only=maybe", json: Sample.small)
            },
            Provocation("submitJob", 400, "YAML that ends too soon") {
                let type: KeyValuePairs = ["Content-Type": "application/yaml"]
                let body = Array("dataset: {name: ".utf8)
                return try await $0.manual.client.send(
                    HTTPRequest("POST", "/v1/jobs", fields: type, body: body)
                )
            },
            Provocation("submitJob", 422, "the same name twice, and 1e400") {
                let type: KeyValuePairs = ["Content-Type": "application/json"]
                let body = Array(#"{"seed": 1, "seed": 2, "epochs": 1e400}"#.utf8)
                return try await $0.manual.client.send(
                    HTTPRequest("POST", "/v1/jobs", fields: type, body: body)
                )
            },
            Provocation("submitJob", 503, "a store that cannot be written") {
                try await $0.failing.client.post("/v1/jobs", json: Sample.small)
            },
            Provocation("submitJob", 429, "a full queue") {
                try await $0.crowded.client.post("/v1/jobs", json: Sample.small)
            },
            Provocation("submitJob", 507, "a disk that is nearly full") {
                try await $0.cramped.client.post("/v1/jobs", json: Sample.small)
            },
        ] + refusals(of: "submitJob", at: "/v1/jobs")
        + Sample.accepted.map { sample in
            Provocation("submitJob", 201, sample.title) {
                try await $0.manual.client.post("/v1/jobs", json: sample.body)
            }
        }
        + (Sample.refusedBySchema + Sample.refusedByService).map { sample in
            Provocation("submitJob", 422, sample.title) {
                try await $0.manual.client.post("/v1/jobs", json: sample.body)
            }
        }

    static let reading: [Provocation] =
        [
            Provocation("listJobs", 200, "every job") {
                try await $0.manual.client.get("/v1/jobs")
            },
            Provocation("listJobs", 200, "a finished job") {
                try await $0.training.client.get("/v1/jobs?state=succeeded&kind=train&name=small")
            },
            Provocation("listJobs", 200, "a first page", fields: ["Link"]) { stage in
                for _ in 1...2 { _ = try await stage.submit() }
                return try await stage.manual.client.get("/v1/jobs?limit=1&label.team=contract")
            },
            Provocation("listJobs", 200, "a second page") { stage in
                for _ in 1...2 { _ = try await stage.submit() }
                let client = stage.manual.client
                let first = try await client.get("/v1/jobs?limit=1").json()
                let cursor = try #require(first["next_cursor"]?.string)
                let second = try await client.get("/v1/jobs?limit=1&cursor=\(cursor)")
                #expect(try second.json()["items"]?[0]?["id"] != first["items"]?[0]?["id"])
                return second
            },
            unchanged("listJobs") { ($0.training.client, "/v1/jobs") },
            Provocation("readJob", 200, "a finished job") {
                try await $0.training.client.get("/v1/jobs/\($0.finished)")
            },
            Provocation("readJob", 200, "a queued job") {
                try await $0.manual.client.get("/v1/jobs/\(try await $0.submit())")
            },
            Provocation("readJob", 200, "a running job") {
                try await $0.manual.client.get("/v1/jobs/\(try await $0.lease().job)")
            },
            unchanged("readJob") { ($0.training.client, "/v1/jobs/\($0.finished)") },
            Provocation("readJob", 404, "a job that never was") {
                try await $0.training.client.get("/v1/jobs/\(Stage.nobody)")
            },
            Provocation("readJob", 404, "no job's id") {
                try await $0.training.client.get("/v1/jobs/nope")
            },
        ]
        + ["limit=0", "limit=501", "limit=many", "cursor=forged", "state=asleep", "colour=red"]
        .map { query in
            Provocation("listJobs", 422, query) {
                try await $0.manual.client.get("/v1/jobs?\(query)")
            }
        }

    static let cancelling = [
        Provocation("cancelJob", 200, "a queued job") {
            try await $0.manual.client.post("/v1/jobs/\(try await $0.submit())/cancel")
        },
        Provocation("cancelJob", 200, "a cancelled job") { stage in
            let path = "/v1/jobs/\(try await stage.submit())/cancel"
            _ = try await stage.manual.client.post(path)
            return try await stage.manual.client.post(path)
        },
        Provocation("cancelJob", 202, "a running job") {
            try await $0.manual.client.post("/v1/jobs/\(try await $0.lease().job)/cancel")
        },
        Provocation("cancelJob", 202, "a job that is being cancelled") { stage in
            let path = "/v1/jobs/\(try await stage.lease().job)/cancel"
            _ = try await stage.manual.client.post(path)
            return try await stage.manual.client.post(path)
        },
        Provocation("cancelJob", 409, "a job that has succeeded") {
            try await $0.training.client.post("/v1/jobs/\($0.finished)/cancel")
        },
    ]
}
