import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite(.timeLimit(.minutes(5))) struct CommandRunTests {
    private let box = WorkerBox()

    /// A leased command whose code is to be fetched.
    private func job() throws -> LeasedJob {
        let hash = String(repeating: "c", count: 64)
        let json = #"{"kind": "command", "argv": ["true"], "code": "\#(hash)"}"#
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
        let cache = FileManager.default.temporaryDirectory
            .appending(path: "lehr-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: cache) }
        let (beats, beating) = AsyncStream<Void>.makeStream()
        let heartbeats = Mutex((begun: 0, ended: 0))
        let underway = Mutex<[Int]>([])
        let job = try job()
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
        let worker = try Sample.worker(server) {
            $0.kinds = ["command"]
            $0.cacheFolder = cache.path
        }
        box.set(worker)
        await worker.work()
        #expect(heartbeats.withLock { $0.begun } >= 1)
        #expect(underway.withLock { $0 } == [0])
        // Neither the folder nor its lock outlives the run.
        let commands = cache.appending(path: "commands").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: commands).isEmpty)
    }
}
