import Datasets
import Foundation
import Testing

@testable import TrainingWorker

/// What killed workers have left in the folder that the workers of a machine share.
@Suite(.timeLimit(.minutes(5))) struct AbandonedFileTests {
    private let box = WorkerBox()

    @Test func `is removed when a worker starts where it is half written, and nothing else`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "lehr-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let left = ["0a.rows.1x.partial", "checkpoint-0a.partial"]
        let others = ["0a.rows", "checkpoint-0a", "notes.partial", "mine.rows.txt"]
        for name in left + others { try Data("x".utf8).write(to: folder.appending(path: name)) }
        let live = ["0b.rows.2y.partial", "checkpoint-0b.partial"]
        let descriptors = try live.map {
            try PartialFile.create(folder.appending(path: $0).path, permissions: 0o600)
        }
        defer { for descriptor in descriptors { close(descriptor) } }
        let server = ScriptedServer { [box] _, _ in
            await box.stop()
            return .nothing
        }
        let worker = try Sample.worker(server) { $0.cacheFolder = folder.path }
        box.set(worker)
        await worker.work()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names) == Set(others + live))
    }

    @Test func `of commands is removed with all that is in it, unless its worker lives`()
        async throws
    {
        let cache = FileManager.default.temporaryDirectory
            .appending(path: "lehr-\(UUID().uuidString)")
        let folder = cache.appending(path: "commands")
        defer { try? FileManager.default.removeItem(at: cache) }
        for name in ["dead-1", "live-2", "other"] {
            let work = folder.appending(path: "\(name)/work/deep")
            try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: work.appending(path: "file"))
        }
        var dead: PlaceLock? = PlaceLock(of: folder.path + "/dead-1")
        try dead?.take()
        let live = PlaceLock(of: folder.path + "/live-2")
        try live.take()
        // A worker that was killed before it made the folder.
        try Data().write(to: folder.appending(path: "early-3.lock"))
        let server = ScriptedServer { _, _ in .nothing }
        let worker = try Sample.worker(server) { $0.cacheFolder = cache.path }
        func names() throws -> Set<String> {
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
        }
        // What this process has locked counts as a living worker's.
        await worker.removeAbandonedPlaces()
        #expect(
            try names() == ["dead-1", "dead-1.lock", "live-2", "live-2.lock", "other"]
        )
        dead = nil
        await worker.removeAbandonedPlaces()
        #expect(try names() == ["live-2", "live-2.lock", "other"])
        live.removePlace()
        #expect(try names() == ["other"])
    }
}
