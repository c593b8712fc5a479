import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct SubmissionTests {
    private static func job(_ number: Int) -> String {
        """
        {"name": "job-\(number)", "dataset": {"name": "spirals"}, "model": {"type": "softmax"},
         "steps": 1}
        """
    }

    @Test
    func `a client that leaves in the middle of a submission leaves a job that runs, or none`()
        async throws
    {
        let server = try await Bench().start()
        let client = server.client
        for number in 0..<40 {
            let body = Array(Self.job(number).utf8)
            let bytes = HTTPRequest(
                "POST",
                "/v1/jobs",
                fields: ["Content-Type": "application/json"],
                body: body
            ).bytes(host: "127.0.0.1:\(server.port)")
            // Half of them leave before the last byte is sent, half without waiting for the answer.
            let isWhole = number.isMultiple(of: 2)
            let connection = try HTTPConnection(port: server.port, timeout: .seconds(60))
            try connection.send(isWhole ? bytes : Array(bytes.dropLast(1 + number)))
        }
        // A whole request is as good as one whose client waits: 20 of them make 20 jobs.
        var jobs: [JSONValue] = []
        while jobs.count < 20 {
            jobs = try await client.get("/v1/jobs?limit=100").json()["items"]?.array ?? []
            try await Task.sleep(for: .milliseconds(5))
        }
        for job in jobs {
            let id = try #require(job["id"]?.string)
            #expect(try await client.wait(for: id)["state"]?.string == "succeeded")
        }
        // Nothing came of the others, although the server has long seen that they left.
        let all = try await client.get("/v1/jobs?limit=100").json()["items"]?.array ?? []
        let names = all.compactMap { $0["name"]?.string }
        #expect(Set(names) == Set(stride(from: 0, to: 40, by: 2).map { "job-\($0)" }))
        #expect(names.count == 20)
    }
}
