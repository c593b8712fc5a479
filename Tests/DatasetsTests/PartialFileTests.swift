import Foundation
import Synchronization
import Testing

@testable import Datasets

@Suite struct PartialFileTests {
    private func names(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder))
    }

    @Test func `stays while its writer lives, and is removed once it has ended`() throws {
        try withTemporaryFolder { folder in
            let descriptor = try PartialFile.create(folder + "/a.partial", permissions: 0o600)
            #expect(PartialFile.removeAbandoned(in: folder) { _ in true } == 0)
            #expect(try names(folder) == ["a.partial"])
            // As the system does for a process that is killed.
            close(descriptor)
            #expect(PartialFile.removeAbandoned(in: folder) { _ in false } == 0)
            #expect(PartialFile.removeAbandoned(in: folder) { $0 == "a.partial" } == 1)
            #expect(try names(folder) == [])
        }
    }

    @Test func `leaves alone what is no file, and folders that are not there`() throws {
        try withTemporaryFolder { folder in
            let manager = FileManager.default
            try manager.createDirectory(atPath: folder + "/b", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: folder + "/c"))
            try manager.createSymbolicLink(
                atPath: folder + "/d",
                withDestinationPath: folder + "/c"
            )
            #expect(mkfifo(folder + "/e", 0o600) == 0)
            #expect(PartialFile.removeAbandoned(in: folder) { $0 != "c" } == 0)
            #expect(try names(folder) == ["b", "c", "d", "e"])
            #expect(PartialFile.removeAbandoned(in: folder + "/nowhere") { _ in true } == 0)
        }
    }

    @Test func `a file that has just been created is not taken for one that was left`() throws {
        try withTemporaryFolder { folder in
            let isOver = Atomic(false)
            let sweeper = Thread {
                while !isOver.load(ordering: .relaxed) {
                    PartialFile.removeAbandoned(in: folder) { _ in true }
                }
            }
            sweeper.start()
            defer { isOver.store(true, ordering: .relaxed) }
            for number in 0..<500 {
                let path = "\(folder)/\(number)"
                let descriptor = try PartialFile.create(path, permissions: 0o600)
                defer { close(descriptor) }
                #expect(access(path, F_OK) == 0)
            }
        }
    }

    @Test func `rows that are written leave nothing behind, whole or not`() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/0.rows"
            try {
                let file = try AtomicFile(path: path)
                try file.write([1])
                #expect(try names(folder).allSatisfy(AtomicFile.isPartial))
                #expect(DatasetCatalogue(cache: folder).removeAbandoned() == 0)
            }()
            #expect(try names(folder) == [])
            let whole = try AtomicFile(path: path)
            try whole.write([1])
            try whole.commit()
            #expect(try names(folder) == ["0.rows"])
            #expect(DatasetCatalogue(cache: folder).removeAbandoned() == 0)
        }
    }
}
