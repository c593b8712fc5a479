import Foundation
import TestSupport
import Testing

/// A server on whose jobs people and accidents act at random, all by one seed.
///
/// What a client was promised is noted beside it, so that it can be compared with what is there in the end.
final class Chaos {
    /// What happens.
    enum Deed: String, CaseIterable {
        case submission = "submissions"
        case repeatedKey = "repeated keys, answered as before"
        case vanishedClient = "clients that vanished before their answer"
        case edit = "edits taken"
        case pause = "pauses taken"
        case resume = "resumes"
        case fork = "forks"
        case cancellation = "cancellations"
        case killedWorker = "workers killed"
        case killedServer = "servers killed"
        case drainedServer = "servers stopped in order"
        case stoppedWorker = "workers stopped past their lease, and continued"
        case fullDisk = "writes refused by a full disk"
        case staleWrite = "writes of stale workers refused"
        case expiredLease = "leases expired in silence"
        case supersededRun = "runs superseded by another"
    }

    /// How long and how large the disturbance is.
    struct Extent {
        /// The processes that are killed before it ends.
        var kills = 12
        /// The updates of a job.
        var steps = 30_000
        /// The seed of everything.
        var seed: UInt64

        /// What the environment says: `LEHR_CHAOS_SEED`, `LEHR_CHAOS_KILLS`, `LEHR_CHAOS_STEPS`.
        init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
            seed = environment["LEHR_CHAOS_SEED"].flatMap { UInt64($0) } ?? 1
            kills = environment["LEHR_CHAOS_KILLS"].flatMap { Int($0) } ?? kills
            steps = environment["LEHR_CHAOS_STEPS"].flatMap { Int($0) } ?? steps
        }
    }

    /// How long a lease holds, so that a stopped worker loses its own soon.
    static let term = Duration.seconds(2)

    let extent: Extent
    let bench: Bench
    private(set) var server: RunningServer
    private(set) var counts: [Deed: Int] = [:]
    /// The id of each job that was answered with 201, by its key.
    private(set) var accepted: [String: String] = [:]
    /// What was submitted under each key, by path and body.
    private var sent: [String: (path: String, body: String)] = [:]
    /// The keys whose clients did not wait for the answer.
    private var unanswered: [String] = []
    private var generator: SeededGenerator
    private var number = 0

    init(_ extent: Extent) async throws {
        self.extent = extent
        generator = SeededGenerator(seed: extent.seed)
        let arguments = ["--lease-term", "\(Self.term.components.seconds)s", "--grace", "2s"]
        bench = try Bench(workers: 2, arguments: arguments)
        server = try await bench.start()
    }

    /// The processes that were killed so far.
    private var kills: Int { counts[.killedWorker, default: 0] + counts[.killedServer, default: 0] }

    /// Does things at random until enough was killed and everything has happened once.
    func rage() async throws {
        for _ in 0..<3 { try await submit() }
        let deadline = ContinuousClock.now + .seconds(30 + 4 * extent.kills)
        while ContinuousClock.now < deadline,
            kills < extent.kills || Deed.wanted.contains(where: { counts[$0] == nil })
        {
            try await act()
            try await Task.sleep(for: .milliseconds(Int.random(in: 20...250, using: &generator)))
        }
        try await collect()
    }

    private func act() async throws {
        switch Int.random(in: 0..<24, using: &generator) {
        case 0..<5: try await submit()
        case 5: try await repeatKey()
        case 6: try await vanish()
        case 7..<11: try await edit()
        case 11, 12: try await post("pause", .pause)
        case 13..<16: try await post("resume", .resume)
        case 16: try await fork()
        case 17:
            // Few, so that most jobs come to a result.
            guard Int.random(in: 0..<3, using: &generator) == 0 else { return }
            try await post("cancel", .cancellation)
        case 18, 19: killWorker()
        case 20: try await restart(.killedServer)
        case 21: try await restart(.drainedServer)
        case 22: try await stopWorker()
        default: try await fillDisk()
        }
    }

    /// Lets every job come to its end, without further disturbance.
    func settle() async throws {
        for key in unanswered {
            let (path, body) = try #require(sent[key])
            if let reply = try await send(path, body, key: key), reply.status == 201 {
                accepted[key] = try reply.json()["id"]?.string
            }
        }
        for id in accepted.values {
            while true {
                let job = try await server.client.job(id)
                let state = job["state"]?.string ?? ""
                // Three workers that die before a checkpoint end a job, which a person tries again.
                if state == "failed", job["failure"]?["code"] == "worker_crashed" {
                    _ = try await send("/v1/jobs/\(id)/retry", "", key: nil)
                    continue
                }
                if ["succeeded", "failed", "cancelled"].contains(state) { break }
                if state == "paused",
                    try await send("/v1/jobs/\(id)/resume", "", key: nil)?.status == 200
                {
                    counts[.resume, default: 0] += 1
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        try await collect()
    }

    // MARK: - People

    private func submit() async throws {
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

    private func fork() async throws {
        guard let id = accepted.sorted(by: { $0.key < $1.key }).randomElement(using: &generator)
        else {
            return
        }
        number += 1
        let body = #"{"changes": {"name": "job-\#(number)"}}"#
        try await take("/v1/jobs/\(id.value)/fork", body, .fork)
    }

    private func take(_ path: String, _ body: String, _ deed: Deed) async throws {
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

    private func repeatKey() async throws {
        let known = accepted.sorted { $0.key < $1.key }.randomElement(using: &generator)
        guard let known, let (path, body) = sent[known.key],
            let reply = try await send(path, body, key: known.key)
        else { return }
        #expect(reply.status == 201, "\(reply)")
        #expect(reply.field("Idempotent-Replayed") == "true")
        #expect(try reply.json()["id"]?.string == known.value)
        counts[.repeatedKey, default: 0] += 1
    }

    /// Sends a submission and leaves; what became of it is asked for in the end.
    private func vanish() async throws {
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

    private func edit() async throws {
        guard
            let id = accepted.sorted(by: { $0.key < $1.key }).randomElement(using: &generator)?
                .value
        else { return }
        let factor = Double.random(in: 0.7...1.3, using: &generator)
        let path = "/v1/jobs/\(id)/schedule-edits"
        let key = "edit-\(UInt64.random(in: 0..<1 << 40, using: &generator))"
        let reply = try await send(path, #"{"scale": \#(factor)}"#, key: key)
        if reply?.status == 200 { counts[.edit, default: 0] += 1 }
    }

    private func post(_ action: String, _ deed: Deed) async throws {
        guard
            let id = accepted.sorted(by: { $0.key < $1.key }).randomElement(using: &generator)?
                .value
        else { return }
        let before = try await server.client.job(id)["state"]?.string
        let reply = try await send("/v1/jobs/\(id)/\(action)", "", key: nil)
        let after = try reply?.json()["state"]?.string
        if let status = reply?.status, [200, 202].contains(status), after != before {
            counts[deed, default: 0] += 1
        }
    }

    /// Sends a request; `nil` where no answer came.
    private func send(_ path: String, _ body: String, key: String?) async throws -> HTTPReply? {
        var request = HTTPRequest("POST", path, body: Array(body.utf8))
        if !body.isEmpty {
            request.fields.append((name: "Content-Type", value: "application/json"))
        }
        if let key { request.fields.append((name: "Idempotency-Key", value: key)) }
        // A server that was killed answers nobody: that is what happens here.
        return try? await server.client.send(request)
    }

    // MARK: - Accidents

    private func killWorker() {
        guard let worker = server.workerProcessIDs.randomElement(using: &generator) else { return }
        kill(worker, SIGKILL)
        counts[.killedWorker, default: 0] += 1
    }

    private func stopWorker() async throws {
        guard let worker = server.workerProcessIDs.randomElement(using: &generator) else { return }
        kill(worker, SIGSTOP)
        try await Task.sleep(for: Self.term * 2)
        kill(worker, SIGCONT)
        // So long that it can try to write, and is refused.
        try await Task.sleep(for: .milliseconds(500))
        counts[.stoppedWorker, default: 0] += 1
    }

    /// Ends the server, at once or in order, and starts another on its data.
    private func restart(_ deed: Deed) async throws {
        try await collect()
        if deed == .killedServer { await server.kill() } else { await server.stop() }
        server = try await bench.start()
        counts[deed, default: 0] += 1
    }

    /// Lets no write of the server reach the disk, tells what it says then, and starts another.
    private func fillDisk() async throws {
        try await server.failFileWrites()
        number += 1
        let key = "key-\(number)"
        let body = #"{"dataset": {"name": "spirals"}, "model": {"type": "softmax"}, "steps": 9}"#
        let reply = try await send("/v1/jobs", body, key: key)
        #expect(
            reply.map { [503, 507].contains($0.status) } ?? true,
            "\(String(describing: reply))"
        )
        if reply != nil { counts[.fullDisk, default: 0] += 1 }
        try await restart(.killedServer)
    }

    /// Adds what the server has counted, which is lost with it.
    private func collect() async throws {
        guard let text = try? await server.client.get("/metrics").text else { return }
        func count(_ name: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name)_total ") }
            return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
        }
        counts[.staleWrite, default: 0] += count("lehr_stale_writes")
        counts[.expiredLease, default: 0] += count("lehr_leases_expired")
    }

    /// Notes how many runs of a job were superseded.
    func noteRuns(_ count: Int) { counts[.supersededRun, default: 0] += max(0, count - 1) }

    /// A line for each kind of deed.
    var report: String {
        let lines = Deed.allCases.map { deed in
            "\(String(counts[deed, default: 0]).padding(toLength: 6, withPad: " ", startingAt: 0))"
                + deed.rawValue
        }
        return "seed \(extent.seed)\n" + lines.joined(separator: "\n")
    }
}

extension Chaos.Deed {
    /// What must have happened before the rage ends.
    fileprivate static let wanted: [Chaos.Deed] = [
        .submission, .repeatedKey, .vanishedClient, .edit, .pause, .fork, .killedWorker,
        .killedServer, .drainedServer, .stoppedWorker, .fullDisk,
    ]
}
