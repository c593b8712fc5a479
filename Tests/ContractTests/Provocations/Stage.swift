import Foundation
import TestSupport
import Testing

/// The servers on which the contract is tried, and what stands on them.
///
/// A server with a worker has one job that has succeeded and gets no other, so that its answers do not
/// change. One without workers has jobs that stay queued until a test leases them, as a worker would.
/// On the third nothing can be written any more.
final class Stage: Sendable {
    /// The stage of the test that runs.
    @TaskLocal static var current: Stage?

    /// The id of a job that does not exist.
    static let nobody = "01900000-0000-7000-8000-000000000000"
    /// A lease that a test holds.
    struct Lease: Sendable {
        let id: String
        let fence: Int
        let job: String
    }

    /// A lease that does not exist.
    static let noLease = Lease(id: String(repeating: "0", count: 32), fence: 1, job: nobody)

    /// A server with one worker.
    let training: RunningServer
    /// A server without workers.
    let manual: RunningServer
    /// A server without workers whose writes fail.
    let failing: RunningServer
    /// A server without workers whose queue is full.
    let crowded: RunningServer
    /// A job on ``crowded`` with a checkpoint of step 1.
    let crowdedSaved: String
    /// A server without workers that wants more free room than any disk has.
    let cramped: RunningServer
    /// A job on ``cramped`` with a checkpoint of step 1.
    let crampedSaved: String
    /// A server without workers that wants tokens.
    let guarded: Guarded
    /// The job on ``training`` that has succeeded.
    let finished: String
    /// A queued job on ``failing``.
    let stuck: String
    /// A job on ``failing`` with a checkpoint of step 1.
    let stuckSaved: String
    /// A lease that was held on ``failing`` when its writes began to fail.
    let stuckLease: Lease
    /// The answer to a request whose head never ends; it comes when the server's patience is over, so
    /// it is waited for beside the other tests.
    let unfinished: Task<HTTPReply, any Error>
    private let folder: TemporaryFolder

    /// Starts the servers from the binaries in `binaries` and brings them into their states.
    init(binaries: URL) async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        func start(
            _ name: String,
            workers: Int,
            _ arguments: [String] = []
        ) async throws -> RunningServer {
            let data = folder.url.appending(path: name)
            return try await RunningServer(
                .init(binaries: binaries, folder: data, workers: workers, arguments: arguments)
            )
        }
        training = try await start("training", workers: 1)
        manual = try await start("manual", workers: 0)
        failing = try await start("failing", workers: 0)
        crowded = try await start("crowded", workers: 0, ["--queue-limit", "1"])
        crowdedSaved = try await Self.savedJob(on: crowded)
        _ = try await Self.submit(to: crowded)
        let roomy = try await start("cramped", workers: 0)
        crampedSaved = try await Self.savedJob(on: roomy)
        await roomy.kill()
        cramped = try await start("cramped", workers: 0, ["--minimum-free-disk", "1000000TiB"])
        guarded = try await Guarded(binaries: binaries, folder: folder.url)
        unfinished = Task { [client = manual.client] in
            try await client.exchange(Array("GET /livez HTTP/1.1\r\nHost: ".utf8))
        }
        finished = try await Self.submit(to: training)
        stuckSaved = try await Self.savedJob(on: failing)
        stuckLease = try await Self.lease(on: failing)
        stuck = try await Self.submit(to: failing)
        _ = try await failing.client.send(
            HTTPRequest(
                "PUT",
                "/v1/schedules/stuck",
                fields: ["Content-Type": "application/json"],
                body: Array(#"{"type": "constant", "learning_rate": 0.1}"#.utf8)
            )
        )
        try await Self.wait(for: finished, on: training)
        try await failing.failFileWrites()
    }

    /// Stops the servers.
    func stop() async {
        for server in [training, manual, failing, crowded, cramped, guarded.server] {
            await server.kill()
        }
    }

    /// Submits a job to the server without workers, where it stays queued.
    func submit() async throws -> String {
        try await Self.submit(to: manual)
    }

    /// Submits a job to the server without workers and leases one there.
    func lease() async throws -> Lease {
        try await Self.lease(on: manual)
    }

    /// The path of a lease's `action` on the server without workers, for a lease that is made for it.
    func pathOfLease(_ action: String) async throws -> (path: String, lease: Lease) {
        let lease = try await lease()
        return ("/v1/leases/\(lease.id)/\(action)", lease)
    }

    /// The body of a request for a lease.
    static func leaseRequest(kinds: [JSONValue] = ["train"]) -> JSONValue {
        [
            "worker": "contract-1", "request_id": .string(UUID().uuidString),
            "capabilities": ["kinds": .array(kinds)], "wait_seconds": 0,
            "a_field_of_the_future": true,
        ]
    }

    private static func submit(to server: RunningServer) async throws -> String {
        let reply = try await server.client.post("/v1/jobs", json: Sample.small)
        return try #require(try reply.json()["id"]?.string, "the job was not accepted: \(reply)")
    }

    private static func lease(on server: RunningServer) async throws -> Lease {
        _ = try await submit(to: server)
        let reply = try await server.client.post("/v1/leases", json: leaseRequest())
        let body = try reply.json()
        return Lease(
            id: try #require(body["lease"]?["id"]?.string, "no lease: \(reply)"),
            fence: try #require(body["lease"]?["fence"]?.integer, "no fence: \(reply)"),
            job: try #require(body["job"]?["id"]?.string, "no job: \(reply)")
        )
    }

    /// Submits a job, leases one, reports its first step and saves a checkpoint there.
    static func savedJob(on server: RunningServer) async throws -> String {
        let lease = try await lease(on: server)
        let report: JSONValue = [
            "fence": .number(Double(lease.fence)), "sequence": 1, "from_step": 0, "to_step": 1,
            "series": [],
            "applied_digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ]
        let path = "/v1/leases/\(lease.id)"
        let reply = try await server.client.post("\(path)/report", json: report)
        try #require(reply.status == 200, "\(reply)")
        let saved = try await server.client.send(
            HTTPRequest(
                "PUT",
                "\(path)/checkpoints/1?fence=\(lease.fence)",
                fields: ["Content-Type": "application/octet-stream"],
                body: Array("bytes of a file".utf8)
            )
        )
        try #require(saved.status == 200, "\(saved)")
        return lease.job
    }

    /// Waits until the job has succeeded.
    ///
    /// The API has no call that waits for it, so it is asked again and again.
    private static func wait(for job: String, on server: RunningServer) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let reply = try await server.client.get("/v1/jobs/\(job)")
            let state = try reply.json()["state"]?.string
            if state == "succeeded" { return }
            try #require(
                state == "queued" || state == "running" && ContinuousClock.now < deadline,
                "the job does not succeed: \(reply)"
            )
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// Sets up one stage for all tests of a suite, and takes it down after them.
struct StageTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let binaries = try #require(Self.binaries)
        let stage = try await Stage(binaries: binaries)
        try await Stage.$current.withValue(stage) { try await function() }
        await stage.stop()
    }

    /// The folder of the release binaries, which the environment variable `LEHR_BINARIES` names.
    static var binaries: URL? {
        ProcessInfo.processInfo.environment["LEHR_BINARIES"].map { URL(filePath: $0) }
    }
}

extension Trait where Self == StageTrait {
    /// Runs the suite's tests against servers that stand for all of them.
    static var onStage: StageTrait { StageTrait() }
}
