import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite(.timeLimit(.minutes(5))) struct CommandRunTests {
    private let box = WorkerBox()

    private let cache = FileManager.default.temporaryDirectory
        .appending(path: "lehr-\(UUID().uuidString)")

    /// A leased command, which is never started: what it left behind would end with it, and so would every
    /// process of other tests.
    private func job(_ program: String, fields: String = "") throws -> LeasedJob {
        let json = #"{"kind": "command", "argv": ["\#(program)"]\#(fields)}"#
        return LeasedJob(
            leaseID: String(repeating: "a", count: 32),
            fence: 1,
            termSeconds: 0.03,
            jobID: "01900000-0000-7000-8000-000000000000",
            kind: "command",
            specification: JSONFragment(try JSONReader.read(Array(json.utf8)).document),
            totalSteps: 1,
            stepsPerEpoch: 1,
            evaluationInterval: 1,
            resumeStep: 0,
            grant: Sample.grant(0..<1)
        )
    }

    @Test func `no heartbeat is on its way when the end of a fetch is told`() async throws {
        defer { try? FileManager.default.removeItem(at: cache) }
        let (beats, beating) = AsyncStream<Void>.makeStream()
        let heartbeats = Mutex((begun: 0, ended: 0))
        let underway = Mutex<[Int]>([])
        let hash = String(repeating: "c", count: 64)
        let job = try job("true", fields: #", "code": "\#(hash)""#)
        let server = ScriptedServer(
            beat: { _ in
                heartbeats.withLock { $0.begun += 1 }
                beating.yield()
                // Held until its sender gives up, and then for long enough to be overtaken.
                let (never, _) = AsyncStream<Void>.makeStream()
                for await _ in never {}
                await Task { try? await Task.sleep(for: .milliseconds(100)) }.value
                heartbeats.withLock { $0.ended += 1 }
                return .silence
            },
            streaming: {
                for await _ in beats { break }
            }
        ) { [box] message, number in
            if number == 1 { return .job(job) }
            if message.name == "completion" {
                let now = heartbeats.withLock { $0.begun - $0.ended }
                underway.withLock { $0.append(now) }
            }
            await box.stop()
            return .nothing
        }
        try await work(for: server)
        #expect(heartbeats.withLock { $0.begun } >= 1)
        #expect(underway.withLock { $0 } == [0])
        #expect(try places.isEmpty)
    }

    @Test func `the lease is held while the folder is removed, and the end is told after it`()
        async throws
    {
        defer { try? FileManager.default.removeItem(at: cache) }
        // A program that is not there needs no heartbeat until its folder is removed.
        let job = try job("/nonexistent/program")
        let (occupied, occupying) = AsyncStream<Void>.makeStream()
        let beats = DispatchSemaphore(value: 0)
        async let isHeld = FileQueue.run {
            occupying.finish()
            return beats.wait(timeout: .now() + 240) == .success
        }
        let left = Mutex<[[String]]>([])
        let server = ScriptedServer(beat: { _ in
            beats.signal()
            return .receipt(Sample.receipt(termSeconds: 0.03))
        }) { [self] message, number in
            if number == 1 {
                for await _ in occupied {}
                return .job(job)
            }
            if message.name == "completion" {
                let names = try? places
                left.withLock { $0.append(names ?? ["unread"]) }
            }
            await box.stop()
            return .nothing
        }
        try await work(for: server)
        #expect(await isHeld)
        #expect(left.withLock { $0 } == [[]])
    }

    /// Has a worker for commands run until the script stops it.
    private func work(for server: ScriptedServer) async throws {
        let worker = try Sample.worker(server) {
            $0.kinds = ["command"]
            $0.cacheFolder = cache.path
        }
        box.set(worker)
        await worker.work()
    }

    /// What is left of the folders of runs, and of their locks.
    private var places: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(
                atPath: cache.appending(path: "commands").path
            )
        }
    }
}
