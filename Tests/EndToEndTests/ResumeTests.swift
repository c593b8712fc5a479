import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct ResumeTests {
    private static let steps = 40_000

    private static func job(seed: Int) -> String {
        """
        {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [64, 64]},
         "schedule": {"learning_rate": 0.01}, "steps": \(steps), "batch_size": 64, "seed": \(seed),
         "checkpoint": {"every": {"seconds": 0.05}, "keep": 2}, "require_exact": true}
        """
    }

    /// What a finished job must have in common with an undisturbed one.
    private struct Outcome: Equatable {
        let steps: [Int]
        let losses: [UInt64]
        let validations: [UInt64]
        /// The hashes of the final and of the best weights.
        let weights: [String]
    }

    private func outcome(of id: String, on server: RunningServer) async throws -> Outcome {
        let job = try await server.client.wait(for: id)
        try #require(job["state"]?.string == "succeeded", "\(job)")
        #expect(job["summary"]?["exact"] == true)
        let losses = try await server.client.curve("train_loss", of: id)
        let validations = try await server.client.curve("validation_loss", of: id)
        let listed = try await server.client.get("/v1/jobs/\(id)/artifacts").json()["items"]?.array
        let weights = try ["model.safetensors", "best.safetensors"].map { name in
            let artifact = listed?.first { $0["name"]?.string == name }
            return try #require(artifact?["hash"]?.string, "no \(name)")
        }
        return Outcome(
            steps: losses.steps,
            losses: losses.values.map(\.bitPattern),
            validations: validations.values.map(\.bitPattern),
            weights: weights
        )
    }

    /// The steps from which workers took the job up, in order.
    private func starts(of id: String, _ bench: Bench) throws -> [Int] {
        let log = try String(contentsOf: bench.configuration.log, encoding: .utf8)
        return log.split(separator: "\n").compactMap { line in
            guard let range = line.range(of: "job \(id) from step ") else { return nil }
            return Int(line[range.upperBound...].prefix { $0.isNumber })
        }
    }

    /// Waits until the job has a checkpoint past `step`.
    private func waitForCheckpoint(
        past step: Int,
        of id: String,
        on server: RunningServer
    ) async throws {
        while true {
            let path = "/v1/jobs/\(id)/checkpoints"
            let items = try await server.client.get(path).json()["items"]?.array ?? []
            if let newest = items.last?["step"]?.integer, newest > step { return }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The steps of the checkpoints that the job's events tell of, in order.
    private func checkpointEvents(of id: String, on server: RunningServer) async throws -> [Int] {
        let stream = try await server.client.get("/v1/jobs/\(id)/events").text
        let lines = stream.split(separator: "\n")
        return try zip(lines, lines.dropFirst()).filter { $0.0 == "event: checkpoint" }.map {
            pair in
            let data = try JSONValue(parsing: Array(pair.1.dropFirst("data: ".count).utf8))
            return try #require(data["step"]?.integer)
        }
    }

    /// Waits until workers took the job up `count` times, and returns the step of the last time.
    private func waitForStart(_ count: Int, of id: String, _ bench: Bench) async throws -> Int {
        while true {
            let steps = try starts(of: id, bench)
            if steps.count >= count { return steps[count - 1] }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Submits a job and kills its worker, then the server, each past a checkpoint of its own.
    private func submitAndDisturb(
        _ bench: Bench,
        _ server: inout RunningServer
    ) async throws -> String {
        let id = try await server.client.submit(Self.job(seed: 3))
        try await waitForCheckpoint(past: 0, of: id, on: server)
        for worker in server.workerProcessIDs { kill(worker, SIGKILL) }
        // A checkpoint that the dead worker had sent off may be taken yet: only the next start tells.
        let resumed = try await waitForStart(2, of: id, bench)
        try await waitForCheckpoint(past: resumed, of: id, on: server)
        #expect(await server.kill() == .signal(SIGKILL))
        server = try await bench.start()
        return id
    }

    @Test func `a killed worker's and a killed server's job goes on from its checkpoint`()
        async throws
    {
        let bench = try Bench(workers: 1)
        var server = try await bench.start()
        let whole = try await server.client.submit(Self.job(seed: 3))
        let expected = try await outcome(of: whole, on: server)
        #expect(expected.steps == Array(0..<Self.steps))
        var steps: [Int] = []
        // On a busy machine a job may end before the second blow: then the next is tried.
        for _ in 0..<5 where steps.count != 3 {
            let id = try await submitAndDisturb(bench, &server)
            #expect(try await outcome(of: id, on: server) == expected)
            steps = try starts(of: id, bench)
            #expect(steps.first == 0)
            #expect(steps.dropFirst().allSatisfy { $0 > 0 }, "\(steps)")
        }
        #expect(steps.count == 3, "\(steps)")
    }

    @Test func `a server that is stopped in order loses no step`() async throws {
        let bench = try Bench(workers: 1)
        var server = try await bench.start()
        let whole = try await server.client.submit(Self.job(seed: 4))
        let expected = try await outcome(of: whole, on: server)
        let id = try await server.client.submit(Self.job(seed: 4))
        try await waitForCheckpoint(past: 0, of: id, on: server)
        #expect(await server.stop() == .exit(0))
        server = try await bench.start()
        let resumed = try await server.client.job(id)
        #expect(resumed["attempt"]?.integer ?? 0 <= 1)
        #expect(try await outcome(of: id, on: server) == expected)
        let starts = try starts(of: id, bench)
        #expect(starts.count == 2, "\(starts)")
        // Every step that was reported is in the checkpoint that the drain took: none was made twice.
        let items = try await server.client.get("/v1/jobs/\(id)/checkpoints").json()["items"]?.array
        #expect(items?.last?["step"]?.integer == Self.steps)
        let log = try String(contentsOf: bench.configuration.log, encoding: .utf8)
        #expect(!log.contains("lost its worker"))
    }

    @Test func `a pause takes a checkpoint, from which a resumed job goes on to the bit`()
        async throws
    {
        let bench = try Bench(workers: 1)
        let server = try await bench.start()
        let whole = try await server.client.submit(Self.job(seed: 6))
        let expected = try await outcome(of: whole, on: server)
        let id = try await server.client.submit(Self.job(seed: 6))
        try await waitForCheckpoint(past: 0, of: id, on: server)
        _ = try await server.client.send(HTTPRequest("POST", "/v1/jobs/\(id)/pause"))
        let paused = try await server.client.wait(for: id) { $0 == "paused" }
        let step = try #require(paused["progress"]?["step"]?.integer)
        let items = try await server.client.get("/v1/jobs/\(id)/checkpoints").json()["items"]?.array
        #expect(items?.last?["step"]?.integer == step)
        _ = try await server.client.send(HTTPRequest("POST", "/v1/jobs/\(id)/resume"))
        #expect(try await outcome(of: id, on: server) == expected)
        #expect(try starts(of: id, bench) == [0, step])
        let told = try await checkpointEvents(of: id, on: server)
        #expect(told.contains(step) && told.last == Self.steps, "\(told)")
        // What a removed job left goes with it.
        let deleted = try await server.client.send(HTTPRequest("DELETE", "/v1/jobs/\(id)"))
        #expect(deleted.status == 204)
        let files = bench.configuration.folder.appending(path: "files").path
        let others = try await server.client.get("/v1/jobs/\(whole)/checkpoints").json()["items"]
        let artifacts = try await server.client.get("/v1/jobs/\(whole)/artifacts").json()["items"]
        let needed = ((others?.array ?? []) + (artifacts?.array ?? []))
            .compactMap { $0["hash"]?.string }
        let names = try FileManager.default.contentsOfDirectory(atPath: files)
        // What was small came with the ends of the jobs, and lies in the store.
        #expect(Set(names.filter { $0.count == 64 }).isSubset(of: needed))
        try await expectWhole(artifacts?.array ?? [], of: whole, on: server)
    }

    /// Every file that a job has left comes whole, wherever it lies.
    private func expectWhole(
        _ artifacts: [JSONValue],
        of id: String,
        on server: RunningServer
    ) async throws {
        let sized = artifacts.filter { $0["size"]?.integer != nil }
        #expect(!sized.isEmpty)
        for artifact in sized {
            let name = try #require(artifact["name"]?.string)
            let reply = try await server.client.get("/v1/jobs/\(id)/artifacts/\(name)")
            #expect(reply.body.count == artifact["size"]?.integer)
            let tag = reply.fields.first { $0.name.lowercased() == "etag" }?.value
            #expect(tag == artifact["hash"]?.string.map { "\"\($0)\"" })
        }
    }

    @Test func `the files on disk are whole, and those that a job names`() async throws {
        let bench = try Bench(workers: 1)
        let server = try await bench.start()
        let id = try await server.client.submit(Self.job(seed: 5))
        try await waitForCheckpoint(past: 0, of: id, on: server)
        let path = "/v1/jobs/\(id)/checkpoints"
        let before = try await server.client.get(path).json()["items"]?.array ?? []
        let files = bench.configuration.folder.appending(path: "files")
        for checkpoint in before {
            let name = try #require(checkpoint["hash"]?.string)
            // A newer one may have taken its place meanwhile; what is there is whole.
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: files.appending(path: name).path
            )
            if let size = attributes?[.size] as? Int {
                #expect(size == checkpoint["size"]?.integer)
            }
        }
        let job = try await server.client.wait(for: id)
        #expect(job["state"]?.string == "succeeded")
        let kept = try await server.client.get(path).json()["items"]?.array ?? []
        #expect(kept.count <= 3)
        let names = try FileManager.default.contentsOfDirectory(atPath: files.path)
        let artifacts = try await server.client.get("/v1/jobs/\(id)/artifacts").json()["items"]
        let hashes = (kept + (artifacts?.array ?? [])).compactMap { $0["hash"]?.string }
        #expect(Set(names.filter { $0.count == 64 }).isSubset(of: hashes))
        try await expectWhole(artifacts?.array ?? [], of: id, on: server)
    }
}
