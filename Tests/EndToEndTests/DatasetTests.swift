import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"))
struct DatasetTests {
    /// Two clouds of points, 400 rows.
    private static let clouds: String = {
        var lines = ["x,y,side"]
        for row in 0..<400 {
            let angle = Double(row) * 2.399963
            let radius = (Double(row % 20) / 20).squareRoot()
            let side = row % 2 == 0 ? 1.0 : -1.0
            lines.append(
                "\(side * 2 + radius * cos(angle)),\(radius * sin(angle)),\(side > 0 ? "r" : "l")"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }()

    private static let job = """
        {"dataset": {"name": "clouds"}, "model": {"type": "softmax"},
         "schedule": {"learning_rate": 0.05}, "epochs": 10, "batch_size": 32}
        """

    private func put(_ text: String, _ client: HTTPClient) async throws -> HTTPReply {
        try await client.send(
            HTTPRequest(
                "PUT",
                "/v1/datasets/clouds?label=side&test_fraction=0.2",
                fields: ["Content-Type": "text/csv"],
                body: Array(text.utf8)
            )
        )
    }

    @Test func `a table that was brought trains jobs, also after the server was killed`()
        async throws
    {
        let bench = try Bench()
        let server = try await bench.start()
        let reply = try await put(Self.clouds, server.client)
        #expect(reply.status == 201)
        #expect(try reply.json()["rows"]?["test"]?.integer == 80)
        #expect(try await put(Self.clouds, server.client).status == 200)
        let first = try await server.client.submit(Self.job)
        let job = try await server.client.wait(for: first)
        #expect(job["state"]?.string == "succeeded")
        #expect(try #require(job["summary"]?["test_accuracy"]?.number) > 0.99)
        let losses = try await server.client.curve("train_loss", of: first).values

        #expect(try await put(Self.clouds + "0,0,r\n", server.client).status == 409)
        #expect(await server.kill() == .signal(SIGKILL))
        let next = try await bench.start()
        let second = try await next.client.submit(Self.job)
        _ = try await next.client.wait(for: second)
        let again = try await next.client.curve("train_loss", of: second).values
        #expect(losses.map(\.bitPattern) == again.map(\.bitPattern))
        let deletion = HTTPRequest("DELETE", "/v1/datasets/clouds")
        #expect(try await next.client.send(deletion).status == 204)
        #expect(try await next.client.get("/v1/datasets/clouds").status == 404)
    }

    @Test func `a worker with a folder of its own fetches what it lacks`() async throws {
        let folder = try TemporaryFolder()
        let job = try await run(cache: folder.url.path) { _ in }
        #expect(job["state"]?.string == "succeeded")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(files.count { $0.hasSuffix(".rows") } == 1)
    }

    @Test func `rows that are gone, or are others now, end the job by a name of their own`()
        async throws
    {
        let folder = try TemporaryFolder()
        let gone = try await run(cache: folder.url.path) { path in
            try FileManager.default.removeItem(atPath: path)
        }
        #expect(gone["state"]?.string == "failed")
        #expect(gone["failure"]?["code"]?.string == "dataset_missing")
        let changed = try await run(cache: folder.url.path) { path in
            var bytes = try Data(contentsOf: URL(filePath: path))
            bytes[4_100] ^= 1
            try bytes.write(to: URL(filePath: path))
        }
        #expect(changed["state"]?.string == "failed")
        #expect(changed["failure"]?["code"]?.string == "dataset_changed")
    }

    /// Runs a job on a worker beside the server, after something was done to the server's rows.
    private func run(
        cache: String,
        _ change: (_ rows: String) throws -> Void
    ) async throws -> JSONValue {
        let bench = try Bench(workers: 0)
        let server = try await bench.start()
        #expect(try await put(Self.clouds, server.client).status == 201)
        let id = try await server.client.submit(Self.job)
        let rows = bench.configuration.folder.appending(path: "datasets").path
        let file = try FileManager.default.contentsOfDirectory(atPath: rows)
            .first { $0.hasSuffix(".rows") }
        try change("\(rows)/\(try #require(file))")
        let worker = Process()
        worker.executableURL = try #require(Bench.binaries).appending(path: "lehrd")
        worker.arguments = [
            "work", "--server", "http://127.0.0.1:\(server.port)", "--cache", cache,
        ]
        try worker.run()
        defer { worker.terminate() }
        return try await server.client.wait(for: id)
    }
}
