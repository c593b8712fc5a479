import Foundation
import TestSupport
import Testing

/// The release binaries, a data folder and a server that may be killed and started again.
struct Bench {
    /// The folder of the release binaries; `nil` where the tests are run without them.
    static let binaries = ProcessInfo.processInfo.environment["LEHR_BINARIES"].map {
        URL(filePath: $0)
    }

    private let folder: TemporaryFolder
    /// How the server is started.
    let configuration: RunningServer.Configuration

    init(
        workers: Int = 1,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        folder = try TemporaryFolder()
        var configuration = RunningServer.Configuration(
            binaries: try #require(Self.binaries),
            folder: folder.url.appending(path: "data"),
            workers: workers,
            arguments: arguments
        )
        configuration.environment = environment
        self.configuration = configuration
    }

    /// Starts a server on the folder.
    func start() async throws -> RunningServer {
        try await RunningServer(configuration)
    }
}

extension HTTPClient {
    /// Submits a job and returns its id.
    func submit(_ job: String, key: String? = nil) async throws -> String {
        var request = HTTPRequest("POST", "/v1/jobs", body: Array(job.utf8))
        request.fields = [(name: "Content-Type", value: "application/json")]
        if let key { request.fields.append((name: "Idempotency-Key", value: key)) }
        let reply = try await send(request)
        try #require(reply.status == 201, "\(reply)")
        return try #require(try reply.json()["id"]?.string)
    }

    /// The job as it is now.
    func job(_ id: String) async throws -> JSONValue {
        try await get("/v1/jobs/\(id)").json()
    }

    /// Waits until the job is in a state that `isReached` accepts, and returns it.
    func wait(
        for id: String,
        until isReached: (String) -> Bool = { ["succeeded", "failed", "cancelled"].contains($0) }
    ) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(180)
        while ContinuousClock.now < deadline {
            let job = try await job(id)
            if isReached(job["state"]?.string ?? "") { return job }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try #require(nil, "job \(id) did not get there in three minutes")
    }

    /// Waits until the log of a job holds a text so many times; a job that is final before fails the test.
    func wait(forLog text: String, times: Int = 1, of id: String) async throws {
        while true {
            let isFinal = ["succeeded", "failed", "cancelled"]
                .contains(try await job(id)["state"]?.string ?? "")
            let log = try await get("/v1/jobs/\(id)/logs").text
            if log.ranges(of: text).count >= times { return }
            try #require(!isFinal, "the log of job \(id) ends without \"\(text)\": \(log)")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The whole curve of a series, as steps and values.
    func curve(_ series: String, of id: String) async throws -> (steps: [Int], values: [Double]) {
        let path = "/v1/jobs/\(id)/metrics?series=\(series)&max_points=100000"
        let curve = try await get(path).json()["series"]?[series]
        let steps = try #require(curve?["steps"]?.array).compactMap(\.integer)
        let values = try #require(curve?["values"]?.array).compactMap(\.number)
        return (steps, values)
    }
}
