import Foundation
import TestSupport
import Testing

extension Provocation {
    /// What a user's own script asks and tells.
    static let scripts: [Provocation] = [
        Provocation("lease", 200, "a script's own job") { stage in
            let job = try await stage.submitScript()
            return try await stage.leaseScript(job)
        },
        Provocation("lease", 200, "a job that another run of the script holds") { stage in
            let job = try await stage.submitScript()
            _ = try await stage.leaseScript(job)
            return try await stage.leaseScript(job, ["resume_step": 3])
        },
        Provocation("lease", 404, "a job that does not exist") {
            try await $0.leaseScript(Stage.nobody)
        },
        Provocation("lease", 409, "a step past the job's end") { stage in
            try await stage.leaseScript(try await stage.submitScript(), ["resume_step": 1_001])
        },
        Provocation("lease", 409, "a training for a script") { stage in
            try await stage.leaseScript(try await stage.submit())
        },
        Provocation("lease", 409, "a script's job that is cancelled") { stage in
            let job = try await stage.submitScript()
            _ = try await stage.manual.client.post("/v1/jobs/\(job)/cancel")
            return try await stage.leaseScript(job)
        },
        Provocation("readPlan", 200, "all of a run's rates") { stage in
            let path = try await stage.pathOfScript("plan")
            let reply = try await stage.manual.client.get(path)
            #expect(try reply.json()["rates"]?["to_step"]?.integer == 1_000)
            return reply
        },
        Provocation("readPlan", 200, "the end of a run") { stage in
            let path = try await stage.pathOfScript("plan")
            return try await stage.manual.client.get("\(path)&from_step=1000")
        },
        Provocation("readPlan", 404, "no lease's id") {
            try await $0.manual.client.get("/v1/leases/nope/plan?fence=1")
        },
        Provocation("readPlan", 409, "a lease that never was") {
            try await $0.manual.client.get("/v1/leases/\(Stage.noLease.id)/plan?fence=1")
        },
        Provocation("readPlan", 422, "no fence") {
            try await $0.manual.client.get("/v1/leases/\(Stage.noLease.id)/plan")
        },
        Provocation("heartbeat", 200, "lines of output, some of them for the second time") {
            stage in
            let lease = try await stage.lease(ofScript: try await stage.submitScript())
            let path = "/v1/leases/\(lease.id)/heartbeat"
            func beat(_ from: Double, _ lines: [JSONValue]) async throws -> HTTPReply {
                try await stage.manual.client.post(
                    path,
                    json: [
                        "fence": .number(Double(lease.fence)), "log_from": .number(from),
                        "log_lines": .array(lines),
                    ]
                )
            }
            _ = try await beat(0, ["first", "second"])
            let reply = try await beat(1, ["second", "third"])
            let log = try await stage.manual.client.get("/v1/jobs/\(lease.job)/logs")
            let text = String(decoding: log.body, as: UTF8.self)
            #expect(text.split(separator: "\n").filter { $0.hasSuffix("second") }.count == 1)
            #expect(text.contains("third"))
            return reply
        },
        Provocation("report", 200, "steps at the plan's rates") { stage in
            let lease = try await stage.lease(ofScript: try await stage.submitScript())
            let report: JSONValue = [
                "fence": .number(Double(lease.fence)), "sequence": 1, "from_step": 0,
                "to_step": 400, "planned": true, "holds": true, "applied_digest": "none",
                "series": [["name": "val/loss @ 1", "steps": [400], "values": [0.5]]],
            ]
            return try await stage.manual.client.post("/v1/leases/\(lease.id)/report", json: report)
        },
        withoutRates("auditJob", "audit"),
        withoutRates("explainRate", "explain"),
        withoutRates("readSchedule", "schedule"),
    ]

    /// Asks for what a command has not that was given no schedule.
    private static func withoutRates(_ operation: String, _ path: String) -> Provocation {
        Provocation(operation, 409, "a command without a schedule") { stage in
            let command: JSONValue = ["kind": "command", "argv": ["true"]]
            let made = try await stage.manual.client.post("/v1/jobs", json: command)
            let job = try #require(try made.json()["id"]?.string)
            return try await stage.manual.client.get("/v1/jobs/\(job)/\(path)")
        }
    }
}

extension Stage {
    /// Submits a script's job to the server without workers.
    func submitScript() async throws -> String {
        let job: JSONValue = [
            "kind": "external", "name": "script", "steps": 1_000,
            "schedule": ["type": "cosine", "learning_rate": 0.1],
        ]
        let reply = try await manual.client.post("/v1/jobs", json: job)
        return try #require(try reply.json()["id"]?.string, "the job was not accepted: \(reply)")
    }

    /// Asks for the lease of one job as a script does.
    func leaseScript(
        _ job: String,
        _ rest: [String: JSONValue] = [:]
    ) async throws -> HTTPReply {
        let body: [String: JSONValue] = [
            "worker": "script", "request_id": .string(UUID().uuidString),
            "capabilities": ["kinds": ["external"]], "job_id": .string(job),
        ]
        return try await manual.client.post(
            "/v1/leases",
            json: .object(body.merging(rest) { $1 })
        )
    }

    /// The lease of a script's job.
    func lease(ofScript job: String) async throws -> Lease {
        let reply = try await leaseScript(job)
        let lease = try reply.json()["lease"]
        return Lease(
            id: try #require(lease?["id"]?.string, "no lease: \(reply)"),
            fence: try #require(lease?["fence"]?.integer, "no fence: \(reply)"),
            job: job
        )
    }

    /// The path of what a script's lease is asked for, with its fence.
    func pathOfScript(_ what: String) async throws -> String {
        let lease = try await lease(ofScript: try await submitScript())
        return "/v1/leases/\(lease.id)/\(what)?fence=\(lease.fence)"
    }
}
