import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct BackupTests {
    private static let tiny =
        #"{"dataset": {"name": "spirals"}, "model": {"type": "softmax"}, "steps": 1}"#
    private static let job = """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [32]},
         "schedule": {"type": "cosine", "learning_rate": 0.01}, "steps": 20000, "seed": 3,
         "checkpoint": {"every": {"seconds": 0.05}}}
        """

    /// Runs `lehrd backup`, and returns its exit status with what it wrote.
    private func backUp(_ folder: URL, to target: URL) async throws -> (status: Int32, text: String)
    {
        let binaries = try #require(Bench.binaries)
        return try await Task.detached {
            let process = Process()
            process.executableURL = binaries.appending(path: "lehrd")
            process.arguments = ["backup", "--data", folder.path, target.path]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let bytes = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
        }.value
    }

    @Test func `a copy of a busy server has every job, and runs go on there to the same bits`()
        async throws
    {
        // A worker that stands still keeps its lease, however long the copy takes.
        let bench = try Bench(workers: 1, arguments: ["--lease-term", "600s"])
        let server = try await bench.start()
        let client = server.client
        let csv = HTTPRequest(
            "PUT",
            "/v1/datasets/mine",
            fields: ["Content-Type": "text/csv"],
            body: Array("x,y,label\n0,0,a\n0,1,b\n1,0,b\n1,1,a\n".utf8)
        )
        #expect(try await client.send(csv).status == 201)
        let done = try await client.submit(Self.tiny)
        _ = try await client.wait(for: done)
        let running = try await client.submit(Self.job)
        while try await client.get("/v1/jobs/\(running)/checkpoints").json()["items"] == [] {
            try await Task.sleep(for: .milliseconds(5))
        }
        // Its worker stands still, so that the job is certainly under way when it is copied.
        for worker in server.workerProcessIDs { kill(worker, SIGSTOP) }
        let waiting = try await client.submit(Self.tiny)
        let target = bench.configuration.folder.appendingPathExtension("backup")
        async let copied = backUp(bench.configuration.folder, to: target)
        var later: Set<String> = []
        for _ in 0..<50 { later.insert(try await client.submit(Self.tiny)) }
        let (status, text) = try await copied
        #expect(status == 0, "\(text)")
        #expect(text.hasPrefix("\(target.path): "))
        for worker in server.workerProcessIDs { kill(worker, SIGCONT) }
        let expected = try await client.wait(for: running)
        #expect(expected["state"]?.string == "succeeded")
        let weights = try await client.weights(of: running)
        await server.kill()

        var restored = bench.configuration
        restored.folder = target
        let copy = try await RunningServer(restored)
        let listed = try await copy.client.get("/v1/jobs?limit=500").json()["items"]?.array ?? []
        let ids = Set(listed.compactMap { $0["id"]?.string })
        #expect(ids.isSuperset(of: [done, running, waiting]))
        #expect(ids.subtracting([done, running, waiting]).isSubset(of: later))
        let model = try await copy.client.get("/v1/jobs/\(done)/artifacts/model.safetensors")
        #expect(model.status == 200 && !model.body.isEmpty)
        for id in ids {
            #expect(try await copy.client.wait(for: id)["state"]?.string == "succeeded")
        }
        #expect(try await copy.client.weights(of: running) == weights)
        let log = try await copy.client.get("/v1/jobs/\(running)/logs").text
        #expect(log.contains("the worker ended with its server"), "\(log)")

        let mine = try await copy.client.get("/v1/datasets/mine").json()
        #expect(mine["available"] == true, "\(mine)")
        // What pinned the files is gone from the folder.
        let left = try FileManager.default.contentsOfDirectory(
            atPath: bench.configuration.folder.path
        )
        #expect(!left.contains { $0.hasPrefix("backup-") })
        withExtendedLifetime(bench) {}
    }

    @Test func `a folder that is there already, or none to copy, is refused`() async throws {
        let bench = try Bench(workers: 0)
        let server = try await bench.start()
        let folder = bench.configuration.folder
        let (status, text) = try await backUp(folder, to: folder.deletingLastPathComponent())
        #expect(status == 1)
        #expect(text.contains("is there already"), "\(text)")
        let nowhere = folder.appending(path: "nothing")
        let none = try await backUp(nowhere, to: folder.appendingPathExtension("copy"))
        #expect(none.status == 1)
        #expect(none.text.contains("there is no store in the data folder"), "\(none.text)")
        #expect(!FileManager.default.fileExists(atPath: nowhere.path))
        await server.kill()
        withExtendedLifetime(bench) {}
    }
}
