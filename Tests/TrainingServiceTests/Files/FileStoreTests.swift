import Crypto
import Foundation
import Jobs
import Synchronization
import Testing

@testable import TrainingService

@Suite struct FileStoreTests {
    private let folder = TemporaryFolder()

    private func store(_ operations: FileOperations = FileOperations()) throws -> FileStore {
        let store = FileStore(folder: folder.path, operations: operations)
        try store.prepare()
        return store
    }

    /// Puts bytes where the bodies of requests lie.
    private func incoming(_ text: String, _ store: FileStore) throws -> String {
        let path = "\(store.incoming)/\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    /// What stands in the folder under a hash.
    private var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.count == 64 }.sorted()
        }
    }

    private func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    @Test func `keeps bytes under their hash before it says so`() throws {
        let store = try store()
        let path = try incoming("some state", store)
        let file = try store.take(path) { file in
            let found = try names
            #expect(found == [hash("some state")])
            return file
        }
        #expect(file == StoredFile(hash: hash("some state"), size: 10))
        #expect(store.isIntact(file))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `bytes that have reached the disk are not written again, until they are gone`()
        throws
    {
        let calls = Mutex(0)
        let store = try store(
            FileOperations(synchronize: { descriptor in
                calls.withLock { $0 += 1 }
                return fsync(descriptor) == 0 ? 0 : errno
            })
        )
        func flushes(_ store: FileStore) throws -> Int {
            let before = calls.withLock { $0 }
            let path = try incoming("some state", store)
            let file = try store.take(path) { $0 }
            #expect(store.isIntact(file))
            #expect(!FileManager.default.fileExists(atPath: path))
            return calls.withLock { $0 } - before
        }
        #expect(try flushes(store) == 2)
        #expect(try flushes(store) == 0)
        try store.remove([hash("some state")]) { _ in [] }
        #expect(try flushes(store) == 2)
        // What another start has named may not have reached the disk with its name.
        let next = try self.store(
            FileOperations(synchronize: { descriptor in
                calls.withLock { $0 += 1 }
                return fsync(descriptor) == 0 ? 0 : errno
            })
        )
        #expect(try flushes(next) == 2)
    }

    @Test func `knows a file that was cut off, changed or removed`() throws {
        let store = try store()
        let file = try store.take(try incoming("some state", store)) { $0 }
        let path = URL(filePath: store.path(of: file))
        for damage in ["some stat", "some statf", "some state and more"] {
            try Data(damage.utf8).write(to: path)
            #expect(!store.isIntact(file), "\(damage)")
        }
        // The same bytes, sent again, mend it.
        _ = try store.take(try incoming("some state", store)) { $0 }
        #expect(store.isIntact(file))
        try FileManager.default.removeItem(at: path)
        #expect(!store.isIntact(file))
    }

    @Test(arguments: [EIO, ENOSPC, EDQUOT], [0, 1, 2])
    func `a disk that fails gives no checkpoint and harms none`(code: Int32, call: Int) throws {
        let good = try store()
        let before = try good.take(try incoming("the one before", good)) { $0 }
        // The calls in their order: fsync of the file, rename, fsync of the folder.
        let calls = Mutex(0)
        @Sendable func fails() -> Bool {
            calls.withLock { calls in
                defer { calls += 1 }
                return calls == call
            }
        }
        let failing = try store(
            FileOperations(
                synchronize: { fails() ? code : (fsync($0) == 0 ? 0 : errno) },
                rename: { fails() ? code : (rename($0, $1) == 0 ? 0 : errno) },
                remove: { unlink($0) == 0 ? 0 : errno }
            )
        )
        let path = try incoming("a newer one", failing)
        let error = #expect(throws: FileStoreError.self) {
            try failing.take(path) { _ in Issue.record("a file was noted that is not safe") }
        }
        #expect(error?.code == code)
        #expect(error?.isNoSpace == (code != EIO))
        #expect(good.isIntact(before))
        // What is left without a row is whole or not there, and goes at the next start.
        for name in try names where name != before.hash { #expect(name == hash("a newer one")) }
        #expect(try good.sweep { $0.intersection([before.hash]) } == (call == 2 ? 1 : 0))
        #expect(try names == [before.hash])
    }

    @Test func `a file whose row is refused is swept away, and not before`() throws {
        struct Refusal: Error {}
        let store = try store()
        #expect(throws: Refusal.self) {
            try store.take(try incoming("a state", store)) { file in
                // No row yet: only the pin keeps it.
                let swept = try store.sweep { _ in [] }
                #expect(swept == 0)
                #expect(store.isIntact(file))
                throw Refusal()
            }
        }
        #expect(try store.sweep { _ in [] } == 1)
        #expect(try names == [])
    }

    @Test func `removes what nobody needs, and nothing where that is not known`() throws {
        struct Unknown: Error {}
        let store = try store()
        let files = try ["a", "b", "c"].map { text in
            try store.take(try incoming(text, store)) { $0 }
        }
        #expect(throws: Unknown.self) {
            try store.remove(Set(files.map(\.hash))) { _ in throw Unknown() }
        }
        #expect(try names.count == 3)
        let removed = try store.remove([files[0].hash, files[1].hash]) { _ in [files[1].hash] }
        #expect(removed == 1)
        #expect(try names == [files[1].hash, files[2].hash].sorted())
    }
}
