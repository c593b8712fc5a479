import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"))
struct StartTests {
    @Test func `a second server on the same folder is refused with a sentence`() async throws {
        let bench = try Bench(workers: 0)
        let first = try await bench.start()
        let error = await #expect(throws: RunningServer.Failure.self) { try await bench.start() }
        #expect(
            error?.description.contains("\(first.processID)") == true,
            "\(String(describing: error))"
        )
        #expect(try await first.client.get("/readyz").status == 200)
    }

    @Test func `a port in use is told in a sentence`() async throws {
        let bench = try Bench(workers: 0)
        let first = try await bench.start()
        let other = try Bench(workers: 0)
        var configuration = other.configuration
        configuration.port = first.port
        let error = await #expect(throws: RunningServer.Failure.self) {
            try await RunningServer(configuration)
        }
        #expect(error?.description.contains("127.0.0.1:\(first.port) is in use") == true)
        withExtendedLifetime((bench, other)) {}
    }

    @Test func `a folder that cannot be written is told in a sentence`() async throws {
        let bench = try Bench(workers: 0)
        let folder = bench.configuration.folder
        try Data("no folder".utf8).write(to: folder)
        let error = await #expect(throws: RunningServer.Failure.self) { try await bench.start() }
        let sentence = "cannot write to the data folder \(folder.path): Not a directory"
        #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test func `a level of the log that does not exist is refused with those that do`() async throws
    {
        let bench = try Bench(workers: 0)
        var configuration = bench.configuration
        configuration.environment["LEHR_LOG_LEVEL"] = "loud"
        let error = await #expect(throws: RunningServer.Failure.self) {
            try await RunningServer(configuration)
        }
        let sentence =
            "LEHR_LOG_LEVEL must be one of trace, debug, info, notice, warning, error, critical, not loud"
        #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
        withExtendedLifetime(bench) {}
    }

    @Test func `every answer is a line of the log at debug, and none at info`() async throws {
        for (level, isTold) in [("debug", true), ("info", false)] {
            let bench = try Bench(workers: 0)
            var configuration = bench.configuration
            configuration.arguments += ["--log-level", level]
            let server = try await RunningServer(configuration)
            _ = try await server.client.get("/livez?level=\(level)")
            server.signal(SIGTERM)
            await server.end()
            let log = try String(contentsOf: configuration.log, encoding: .utf8)
            #expect(log.contains("GET /livez?level=\(level) 200") == isTold, "\(log)")
        }
    }

    @Test func `what goes wrong again and again is told once, with why`() async throws {
        let bench = try Bench(workers: 0)
        var configuration = bench.configuration
        configuration.arguments += ["--minimum-free-disk", "1000000GiB"]
        let server = try await RunningServer(configuration)
        let job: JSONValue = [
            "dataset": ["name": "spirals"], "model": ["type": "mlp"], "epochs": 1,
            "schedule": ["learning_rate": 0.1],
        ]
        for _ in 0..<20 {
            let reply = try await server.client.post("/v1/jobs", json: job)
            #expect(reply.status == 507)
        }
        server.signal(SIGTERM)
        await server.end()
        let log = try String(contentsOf: configuration.log, encoding: .utf8)
        let lines = log.split(separator: "\n").filter { $0.contains("507 to POST /v1/jobs: ") }
        #expect(lines.count == 1, "\(log)")
        #expect(lines.first?.contains("MiB are free on the disk of the data folder") == true)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a worker for commands removes what one that was killed has left`() async throws {
        let cache = try TemporaryFolder()
        let place = cache.url.appending(path: "commands/job-1")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: place.appending(path: "file"))
        try Data().write(to: place.appendingPathExtension("lock"))
        let worker = Process()
        worker.executableURL = try #require(Bench.binaries).appending(path: "lehrd")
        // Nothing listens there, which keeps a worker from nothing but jobs.
        worker.arguments = [
            "work", "--server", "http://127.0.0.1:1", "--only", "command", "--gpus", "none",
            "--cache", cache.url.path,
        ]
        worker.standardError = FileHandle.nullDevice
        try worker.run()
        defer { worker.terminate() }
        let folder = place.deletingLastPathComponent().path
        while try !FileManager.default.contentsOfDirectory(atPath: folder).isEmpty {
            try #require(worker.isRunning)
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func `an address beyond loopback needs a flag`() async throws {
        let binary = try #require(Bench.binaries).appending(path: "lehrd")
        let process = Process()
        process.executableURL = binary
        process.arguments = ["serve", "--listen", "0.0.0.0:0"]
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        #expect(process.terminationStatus == 64)
        #expect(text.contains("--allow-anonymous"))
    }
}
