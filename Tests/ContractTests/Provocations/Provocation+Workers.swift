import TestSupport

extension Provocation {
    static let leasing: [Provocation] =
        [
            Provocation("lease", 200, "a queued job") { stage in
                _ = try await stage.submit()
                return try await stage.manual.client.post(
                    "/v1/leases",
                    json: Stage.leaseRequest()
                )
            },
            Provocation("lease", 204, "a kind of which there is no job") {
                try await $0.manual.client.post(
                    "/v1/leases",
                    json: Stage.leaseRequest(kinds: ["other"])
                )
            },
            Provocation("lease", 422, "no worker") {
                try await $0.manual.client.post("/v1/leases", json: ["request_id": "r"])
            },
            Provocation("lease", 503, "a store that cannot be written") {
                try await $0.failing.client.post("/v1/leases", json: Stage.leaseRequest())
            },
            Provocation("listWorkers", 200, "a local worker") {
                try await $0.training.client.get("/v1/workers")
            },
            Provocation("listWorkers", 200, "a worker of the test's own") { stage in
                _ = try await stage.lease()
                return try await stage.manual.client.get("/v1/workers")
            },
            unchanged("listWorkers") { ($0.manual.client, "/v1/workers") },
            Provocation("heartbeat", 200, "a lease that holds") { stage in
                let (path, lease) = try await stage.pathOfLease("heartbeat")
                let body: JSONValue = ["fence": .number(Double(lease.fence)), "news": 1]
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("heartbeat", 200, "a job that is to be cancelled") { stage in
                let (path, lease) = try await stage.pathOfLease("heartbeat")
                let client = stage.manual.client
                _ = try await client.post("/v1/jobs/\(lease.job)/cancel")
                let body: JSONValue = ["fence": .number(Double(lease.fence))]
                return try await client.post(path, json: body)
            },
            Provocation("heartbeat", 404, "no lease's id") {
                try await $0.manual.client.post("/v1/leases/nope/heartbeat", json: ["fence": 1])
            },
            Provocation("heartbeat", 409, "a lease that never was") {
                try await $0.manual.client.post(unknown("heartbeat"), json: ["fence": 1])
            },
            Provocation("heartbeat", 409, "another fence") { stage in
                let (path, lease) = try await stage.pathOfLease("heartbeat")
                let body: JSONValue = ["fence": .number(Double(lease.fence + 1))]
                return try await stage.manual.client.post(path, json: body)
            },
        ] + refusals(of: "lease", at: "/v1/leases")
        + refusals(of: "heartbeat", at: unknown("heartbeat"))

    static let reporting: [Provocation] =
        [
            Provocation("report", 200, "a report that only renews") { stage in
                let (path, lease) = try await stage.pathOfLease("report")
                return try await stage.manual.client.post(path, json: renewal(of: lease))
            },
            Provocation("report", 200, "the same report twice") { stage in
                let (path, lease) = try await stage.pathOfLease("report")
                _ = try await stage.manual.client.post(path, json: renewal(of: lease))
                return try await stage.manual.client.post(path, json: renewal(of: lease))
            },
            Provocation("report", 404, "no lease's id") {
                let body = renewal(of: Stage.noLease)
                return try await $0.manual.client.post("/v1/leases/nope/report", json: body)
            },
            Provocation("report", 409, "a lease that never was") {
                let body = renewal(of: Stage.noLease)
                return try await $0.manual.client.post(unknown("report"), json: body)
            },
            Provocation("report", 409, "a report whose predecessor has not come") { stage in
                let (path, lease) = try await stage.pathOfLease("report")
                var body = renewal(of: lease)
                body["sequence"] = 3
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("report", 422, "steps that run backwards") { stage in
                let (path, lease) = try await stage.pathOfLease("report")
                var body = renewal(of: lease)
                body["from_step"] = 5
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("report", 503, "a store that cannot be written") { stage in
                let lease = stage.stuckLease
                let path = "/v1/leases/\(lease.id)/report"
                return try await stage.failing.client.post(path, json: renewal(of: lease))
            },
        ] + refusals(of: "report", at: unknown("report"))

    static let completing: [Provocation] =
        [
            Provocation("complete", 204, "a job that is given back") { stage in
                let (path, lease) = try await stage.pathOfLease("completion")
                let body = completion(of: lease, "released")
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("complete", 204, "a failure") { stage in
                let (path, lease) = try await stage.pathOfLease("completion")
                let body = completion(of: lease, "failed", ["failure": failure])
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("complete", 200, "a failure, and the next job") { stage in
                let (path, lease) = try await stage.pathOfLease("completion")
                _ = try await stage.submit()
                let next = Stage.leaseRequest()
                let body = completion(of: lease, "failed", ["failure": failure, "next": next])
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("complete", 204, "a success with the last of what was done") { stage in
                let (path, lease) = try await stage.pathOfLease("completion")
                let model: JSONValue = ["name": "model.py", "content": "cGFzcwo="]
                let body = completion(
                    of: lease,
                    "succeeded",
                    ["report": renewal(of: lease), "artifacts": [model]]
                )
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("complete", 409, "a checkpoint of steps that were not reported") { stage in
                let (path, lease) = try await stage.pathOfLease("completion")
                let checkpoint: JSONValue = ["step": 7, "content": "AAAA"]
                let body = completion(of: lease, "released", ["checkpoint": checkpoint])
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("complete", 422, "a checkpoint that is not in base64") { stage in
                let (path, lease) = try await stage.pathOfLease("completion")
                let checkpoint: JSONValue = ["step": 7, "content": "?"]
                let body = completion(of: lease, "released", ["checkpoint": checkpoint])
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("complete", 404, "no lease's id") {
                let body = completion(of: Stage.noLease, "released")
                return try await $0.manual.client.post("/v1/leases/nope/completion", json: body)
            },
            Provocation("complete", 409, "a lease that never was") {
                let body = completion(of: Stage.noLease, "released")
                return try await $0.manual.client.post(unknown("completion"), json: body)
            },
            Provocation("complete", 422, "a failure without its reason") { stage in
                let (path, lease) = try await stage.pathOfLease("completion")
                let body = completion(of: lease, "failed")
                return try await stage.manual.client.post(path, json: body)
            },
            Provocation("complete", 503, "a store that cannot be written") { stage in
                let lease = stage.stuckLease
                let path = "/v1/leases/\(lease.id)/completion"
                let body = completion(of: lease, "released")
                return try await stage.failing.client.post(path, json: body)
            },
        ] + refusals(of: "complete", at: unknown("completion"))

    private static let failure: JSONValue = [
        "code": "diverged", "detail": "the loss at step 0 is not finite", "permanent": true,
    ]

    private static func unknown(_ action: String) -> String {
        "/v1/leases/\(Stage.noLease.id)/\(action)"
    }

    /// A report of no steps; its digest is that of nothing.
    private static func renewal(of lease: Stage.Lease) -> JSONValue {
        [
            "fence": .number(Double(lease.fence)), "sequence": 0, "from_step": 0, "to_step": 0,
            "series": [],
            "applied_digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ]
    }

    private static func completion(
        of lease: Stage.Lease,
        _ outcome: String,
        _ rest: [String: JSONValue] = [:]
    ) -> JSONValue {
        let body: [String: JSONValue] = [
            "fence": .number(Double(lease.fence)), "outcome": .string(outcome),
        ]
        return .object(body.merging(rest) { $1 })
    }
}
