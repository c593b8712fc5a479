import Foundation
import TestSupport
import Testing

/// What people do.
extension Chaos {
    /// A job that is known to have been accepted.
    private func anyJob() -> (key: String, id: String)? {
        let known = accepted.sorted { $0.key < $1.key }.randomElement(using: &generator)
        return known.map { ($0.key, $0.value) }
    }

    func submit() async throws {
        guard counts[.submission, default: 0] - fillers < extent.jobs else { return }
        number += 1
        let body = """
            {"name": "job-\(number)", "dataset": {"name": "spirals"},
             "model": {"type": "mlp", "hidden": [64, 64]}, "batch_size": 64,
             "schedule": {"type": "cosine", "learning_rate": 0.01}, "steps": \(extent.steps),
             "seed": \(number % 3), "maximum_attempts": 100,
             "checkpoint": {"every": {"seconds": 0.2}}}
            """
        try await take("/v1/jobs", body, .submission)
    }

    /// Submits a job that runs until it is cancelled when all settles.
    func submitEndless() async throws {
        number += 1
        let body = """
            {"name": "job-\(number)", "dataset": {"name": "spirals"},
             "model": {"type": "mlp", "hidden": [64]}, "schedule": {"learning_rate": 0.001},
             "steps": 1000000000, "maximum_attempts": 100,
             "checkpoint": {"every": {"seconds": 0.2}}}
            """
        try await take("/v1/jobs", body, .submission)
        if let id = accepted["key-\(number)"] { endless.insert(id) }
    }

    /// Lets the jobs without an end go on where they were paused, or were given up after three kills.
    func tendEndless() async throws {
        for id in endless.sorted() {
            // A server that is about to be missed answers the next time.
            guard let job = try? await server.client.job(id) else { continue }
            switch job["state"]?.string {
            case "failed": _ = try await send("/v1/jobs/\(id)/retry", "", key: nil)
            case "paused": try await resume(id)
            default: break
            }
        }
    }

    /// Resumes a job that is paused.
    func resume(_ id: String) async throws {
        guard try await send("/v1/jobs/\(id)/resume", "", key: nil)?.status == 200 else { return }
        counts[.resume, default: 0] += 1
    }

    /// Forks a job that has a checkpoint before its end, from which the fork goes on as the job did.
    func fork() async throws {
        let known = accepted.values.filter { !endless.contains($0) }.sorted()
        for id in known.shuffled(using: &generator).prefix(5) {
            let path = "/v1/jobs/\(id)/checkpoints"
            // A server that is about to be missed answers the next time.
            let items = try? await server.client.get(path).json()["items"]?.array
            let steps = (items ?? []).compactMap { $0["step"]?.integer }
            guard let step = steps.first(where: { $0 < extent.steps }) else { continue }
            number += 1
            let body = #"{"from_step": \#(step), "changes": {"name": "job-\#(number)"}}"#
            return try await take("/v1/jobs/\(id)/fork", body, .fork)
        }
    }

    private func take(_ path: String, _ body: String, _ deed: ChaosDeed) async throws {
        let key = "key-\(number)"
        sent[key] = (path, body)
        guard let reply = try await send(path, body, key: key) else {
            unanswered.append(key)
            return
        }
        guard reply.status == 201 else { return }
        accepted[key] = try #require(try reply.json()["id"]?.string)
        counts[deed, default: 0] += 1
    }

    func repeatKey() async throws {
        guard let (key, id) = anyJob(), let (path, body) = sent[key],
            let reply = try await send(path, body, key: key)
        else { return }
        #expect(reply.status == 201, "\(reply)")
        #expect(reply.field("Idempotent-Replayed") == "true")
        #expect(try reply.json()["id"]?.string == id)
        counts[.repeatedKey, default: 0] += 1
    }

    /// Sends a submission and leaves; what became of it is asked for in the end.
    func vanish() async throws {
        number += 1
        let key = "key-\(number)"
        let body = """
            {"name": "job-\(number)", "dataset": {"name": "spirals"}, "model": {"type": "softmax"},
             "steps": 50, "seed": \(number % 3)}
            """
        sent[key] = ("/v1/jobs", body)
        unanswered.append(key)
        let request = HTTPRequest(
            "POST",
            "/v1/jobs",
            fields: ["Content-Type": "application/json", "Idempotency-Key": key],
            body: Array(body.utf8)
        )
        let bytes = request.bytes(host: "127.0.0.1:\(server.port)")
        let part = Int.random(in: bytes.count / 2...bytes.count, using: &generator)
        let connection = try HTTPConnection(port: server.port, timeout: .seconds(5))
        try connection.send(Array(bytes.prefix(part)))
        counts[.vanishedClient, default: 0] += 1
    }

    func edit() async throws {
        guard let (_, id) = anyJob() else { return }
        let factor = Double.random(in: 0.7...1.3, using: &generator)
        let path = "/v1/jobs/\(id)/schedule-edits"
        let key = "edit-\(UInt64.random(in: 0..<1 << 40, using: &generator))"
        let reply = try await send(path, #"{"scale": \#(factor)}"#, key: key)
        if reply?.status == 200 { counts[.edit, default: 0] += 1 }
    }

    func post(_ action: String, _ deed: ChaosDeed) async throws {
        guard let (_, id) = anyJob() else { return }
        // A job without an end is the work of whoever is killed.
        if endless.contains(id), action == "cancel" { return }
        let before = try await server.client.job(id)["state"]?.string
        let reply = try await send("/v1/jobs/\(id)/\(action)", "", key: nil)
        let after = try reply?.json()["state"]?.string
        if let status = reply?.status, [200, 202].contains(status), after != before {
            counts[deed, default: 0] += 1
        }
    }
}
