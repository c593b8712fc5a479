import Foundation
import TestSupport
import Testing

/// A server on whose jobs people and accidents act at random, all by one seed.
///
/// What a client was promised is noted beside it, so that it can be compared with what is there in the end.
final class Chaos {
    /// How long and how large the disturbance is.
    struct Extent {
        /// The processes that are killed before it ends.
        var kills = 8
        /// The jobs that are submitted and run to their end; their forks come on top.
        var jobs: Int
        /// The updates of a job.
        var steps = 15_000
        /// The seed of everything.
        var seed: UInt64

        /// What the environment says: `LEHR_CHAOS_SEED`, `LEHR_CHAOS_KILLS`, `LEHR_CHAOS_STEPS`.
        init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
            seed = environment["LEHR_CHAOS_SEED"].flatMap { UInt64($0) } ?? 1
            kills = environment["LEHR_CHAOS_KILLS"].flatMap { Int($0) } ?? kills
            steps = environment["LEHR_CHAOS_STEPS"].flatMap { Int($0) } ?? steps
            jobs = max(8, kills / 2)
        }
    }

    /// How long a lease holds, so that a stopped worker loses its own soon.
    static let term = Duration.seconds(2)

    let extent: Extent
    let shim: FaultShim
    let bench: Bench
    var server: RunningServer
    var counts: [ChaosDeed: Int] = [:]
    /// The id of each job that was answered with 201, by its key.
    var accepted: [String: String] = [:]
    /// What was submitted under each key, by path and body.
    var sent: [String: (path: String, body: String)] = [:]
    /// The keys whose clients did not wait for the answer.
    var unanswered: [String] = []
    /// What the server that runs has counted when it was last asked, by its process.
    var collected: (server: Int32, counts: [ChaosDeed: Int]) = (0, [:])
    /// The jobs without an end, so that whatever is killed had work.
    var endless: Set<String> = []
    /// How many jobs were submitted to keep every worker busy for a while.
    var fillers = 0
    var generator: SeededGenerator
    var number = 0

    init(_ extent: Extent) async throws {
        self.extent = extent
        generator = SeededGenerator(seed: extent.seed)
        shim = try FaultShim()
        let arguments = ["--lease-term", "\(Self.term.components.seconds)s", "--grace", "2s"]
        bench = try Bench(workers: 3, arguments: arguments, environment: shim.environment)
        server = try await bench.start()
    }

    /// The processes that were killed so far.
    var kills: Int { counts[.killedWorker, default: 0] + counts[.killedServer, default: 0] }

    /// Does things at random until enough was killed and everything has happened once.
    ///
    /// Deeds are dealt like cards: by chance, but each in its share.
    func rage() async throws {
        for _ in 0..<2 { try await submitEndless() }
        for _ in 0..<3 { try await submit() }
        let rounds = 30 + extent.kills
        for round in 1...rounds {
            if round.isMultiple(of: 10) {
                FileHandle.standardError.write(Data("chaos: \(kills) kills\n".utf8))
            }
            try await tendEndless()
            for deed in ChaosDeed.deck.shuffled(using: &generator) {
                try await act(deed)
                let pause = Int.random(in: 10...60, using: &generator)
                try await Task.sleep(for: .milliseconds(pause))
            }
            try await collect()
            let isAllDone = ChaosDeed.wanted.allSatisfy { counts[$0, default: 0] > 0 }
            if kills >= extent.kills, isAllDone { break }
        }
    }

    private func act(_ deed: ChaosDeed) async throws {
        switch deed {
        case .submission: try await submit()
        case .repeatedKey: try await repeatKey()
        case .vanishedClient: try await vanish()
        case .edit: try await edit()
        case .pause: try await post("pause", deed)
        case .resume: try await post("resume", deed)
        case .fork: try await fork()
        case .cancellation:
            // Few, so that most jobs come to a result.
            guard Int.random(in: 0..<4, using: &generator) == 0 else { return }
            try await post("cancel", deed)
        case .killedWorker: killWorker()
        case .killedServer, .drainedServer: try await restart(deed)
        case .stoppedWorker: try await stopWorker(until: .hasLostItsJob)
        case .silentWorker: try await silenceWorker()
        case .fullDisk: try await fillDisk()
        case .failedSync: try await failSync()
        case .setClock: setClock()
        case .staleWrite, .expiredLease, .revivedLease, .supersededRun:
            preconditionFailure("\(deed) follows from others")
        }
    }

    /// Lets every job come to its end, without further disturbance.
    func settle() async throws {
        shim.failSyncs(0)
        for key in unanswered {
            let (path, body) = try #require(sent[key])
            if let reply = try await send(path, body, key: key), reply.status == 201 {
                accepted[key] = try reply.json()["id"]?.string
            }
        }
        for id in endless { _ = try await send("/v1/jobs/\(id)/cancel", "", key: nil) }
        for id in accepted.values {
            while try await !hasEnded(id) { try await Task.sleep(for: .milliseconds(20)) }
        }
        try await collect()
    }

    private func hasEnded(_ id: String) async throws -> Bool {
        let job = try await server.client.job(id)
        let code = job["failure"]?["code"]?.string ?? ""
        switch job["state"]?.string {
        case "failed" where ["worker_crashed", "worker_lost"].contains(code):
            // Three workers that end before a checkpoint end a job, which a person tries again.
            _ = try await send("/v1/jobs/\(id)/retry", "", key: nil)
            return false
        case "paused":
            try await resume(id)
            return false
        case let state: return ["succeeded", "failed", "cancelled"].contains(state)
        }
    }

    /// Sends a request; `nil` where no answer came.
    func send(_ path: String, _ body: String, key: String?) async throws -> HTTPReply? {
        var request = HTTPRequest("POST", path, body: Array(body.utf8))
        if !body.isEmpty {
            request.fields.append((name: "Content-Type", value: "application/json"))
        }
        if let key { request.fields.append((name: "Idempotency-Key", value: key)) }
        // A server that was killed answers nobody: that is what happens here.
        return try? await server.client.send(request)
    }

    /// Notes how many runs of a job were superseded.
    func noteRuns(_ count: Int) { counts[.supersededRun, default: 0] += max(0, count - 1) }

    /// A line for each kind of deed.
    var report: String {
        let lines = ChaosDeed.allCases.map { deed in
            "\(String(counts[deed, default: 0]).padding(toLength: 6, withPad: " ", startingAt: 0))"
                + deed.rawValue
        }
        return "seed \(extent.seed)\n" + lines.joined(separator: "\n")
    }
}
