import Datasets
import Foundation
import Testing
import TrainingAPI
import TrainingClient

@testable import TrainingWorker

/// Datasets on their way to a folder that several workers share.
@Suite(.timeLimit(.minutes(5))) struct DatasetFetchTests {
    /// A dataset as the server keeps it.
    private struct Stored {
        let hash: ContentHash
        let bytes: [UInt8]
        var tag: String { "\"\(hash)\"" }
        var half: Int { bytes.count / 2 }

        init(rows: Int = 3_000) throws {
            let folder = try Folder()
            let text = (0..<rows).map { "\($0),\($0 % 7),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
            let source = folder.path + "/table.csv"
            try text.write(toFile: source, atomically: true, encoding: .utf8)
            let upload = try Upload(name: "table", path: source, options: UploadOptions())
            hash = upload.description.contentHash
            let file = RowFile(folder: folder.path, hash: hash)
            try file.write(upload)
            bytes = Array(try Data(contentsOf: URL(filePath: file.path)))
        }
    }

    /// A folder of a test's own, removed with this object.
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "lehr-fetch-\(UUID().uuidString)").path

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        }

        deinit {
            // The folder is the test's own, and what remains of it harms nobody.
            try? FileManager.default.removeItem(atPath: path)
        }

        var names: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: path) }
        }
    }

    /// A worker of a machine, as far as datasets go.
    private struct Fetcher {
        let server = FileServer()
        let folder: Folder

        /// Fetches to the end; the connection may break as often as it likes.
        func fetch(_ stored: Stored) async throws -> WorkerCompletion.Outcome? {
            let thread = TrainingThread {}
            defer { thread.end() }
            let fetch = DatasetFetch(
                cacheFolder: folder.path,
                client: try server.client,
                thread: thread
            )
            return await fetch.run(name: "table", hash: stored.hash.description) { _ in true }
        }

        func next() async throws -> FileServer.Call { try #require(await server.next()) }
    }

    private let stored: Stored
    private let folder: Folder

    init() throws {
        stored = try Stored()
        folder = try Folder()
    }

    private func rest(from start: Int) -> String {
        "\(start)-\(stored.bytes.count - 1)/\(stored.bytes.count)"
    }

    /// Checks that the rows are there, under their hash, and nothing else is.
    private func expectWhole() throws {
        let file = RowFile(folder: folder.path, hash: stored.hash)
        #expect(try folder.names == [URL(filePath: file.path).lastPathComponent])
        #expect(Array(try Data(contentsOf: URL(filePath: file.path))) == stored.bytes)
        let dataset = try DatasetCatalogue(cache: folder.path)
            .dataset(named: "table", hash: stored.hash)
        #expect(dataset.description.contentHash == stored.hash)
        #expect(dataset.description.splits.map(\.rows) == [3_000])
    }

    @Test(arguments: [false, true])
    func `two workers that fetch the same at once, one through a broken connection, both have it`(
        isBrokenFirst: Bool
    ) async throws {
        let (broken, steady) = (Fetcher(folder: folder), Fetcher(folder: folder))
        async let brokenEnd = broken.fetch(stored)
        async let steadyEnd = steady.fetch(stored)
        let (first, other) = (try await broken.next(), try await steady.next())
        for call in [first, other] {
            #expect(call.place == [nil, nil])
            call.begin(200, tag: stored.tag)
            call.send(stored.bytes[..<stored.half])
        }
        first.end(throwing: .connectionLost)
        let second = try await broken.next()
        #expect(second.place == ["bytes=\(stored.half)-", stored.tag])
        // What is half there has no name that could be taken for the whole.
        #expect(try folder.names.allSatisfy { $0.hasSuffix(".partial") })
        #expect(try !folder.names.isEmpty)
        func finishBroken() {
            second.begin(206, tag: stored.tag, range: rest(from: stored.half))
            second.send(stored.bytes[stored.half...])
            second.end()
        }
        func finishSteady() {
            other.send(stored.bytes[stored.half...])
            other.end()
        }
        if isBrokenFirst {
            finishBroken()
            #expect(try await brokenEnd == nil)
            finishSteady()
            #expect(try await steadyEnd == nil)
        } else {
            finishSteady()
            #expect(try await steadyEnd == nil)
            finishBroken()
            #expect(try await brokenEnd == nil)
        }
        try expectWhole()
    }

    @Test func `one that broke off takes what another worker has brought meanwhile`() async throws {
        let (broken, steady) = (Fetcher(folder: folder), Fetcher(folder: folder))
        async let brokenEnd = broken.fetch(stored)
        async let steadyEnd = steady.fetch(stored)
        let (first, other) = (try await broken.next(), try await steady.next())
        first.begin(200, tag: stored.tag)
        first.send(stored.bytes[..<stored.half])
        other.begin(200, tag: stored.tag)
        other.send(stored.bytes[...])
        other.end()
        #expect(try await steadyEnd == nil)
        first.end(throwing: .connectionLost)
        #expect(try await brokenEnd == nil)
        try expectWhole()
    }

    @Test(arguments: [ClientError.Code.cannotConnect, .timedOut, .connectionLost])
    func `goes on from the bytes that have come, however often the way breaks`(
        code: ClientError.Code
    ) async throws {
        let fetcher = Fetcher(folder: folder)
        async let end = fetcher.fetch(stored)
        var call = try await fetcher.next()
        call.begin(200, tag: stored.tag)
        let places = [1, 4_096, 4_097, stored.half, stored.bytes.count - 1]
        for (start, place) in zip([0] + places, places) {
            call.send(stored.bytes[start..<place])
            call.end(throwing: .connectionLost)
            // No answer at all costs nothing of what has come.
            try await fetcher.next().fail(code)
            call = try await fetcher.next()
            #expect(call.place == ["bytes=\(place)-", stored.tag])
            call.begin(206, tag: stored.tag, range: rest(from: place))
        }
        call.send(stored.bytes[(stored.bytes.count - 1)...])
        call.end()
        #expect(try await end == nil)
        try expectWhole()
    }

    @Test func `begins anew where the server sends the whole again`() async throws {
        let fetcher = Fetcher(folder: folder)
        async let end = fetcher.fetch(stored)
        let first = try await fetcher.next()
        first.begin(200, tag: "\"older\"")
        first.send(stored.bytes[..<stored.half])
        first.end(throwing: .connectionLost)
        let second = try await fetcher.next()
        #expect(second.place == ["bytes=\(stored.half)-", "\"older\""])
        second.begin(200, tag: stored.tag)
        second.send(stored.bytes[...])
        second.end()
        #expect(try await end == nil)
        try expectWhole()
    }

    @Test func `what does not have its hash in the end gets no name, however it came`() async throws
    {
        let fetcher = Fetcher(folder: folder)
        async let end = fetcher.fetch(stored)
        let first = try await fetcher.next()
        first.begin(200, tag: stored.tag)
        first.send(stored.bytes[..<stored.half])
        first.end(throwing: .connectionLost)
        let second = try await fetcher.next()
        second.begin(206, tag: stored.tag, range: rest(from: stored.half))
        var others = stored.bytes[stored.half...]
        others[others.startIndex + 1] ^= 1
        second.send(others)
        second.end()
        guard case .failed("dataset_changed", _, true) = try await end else {
            Issue.record("the rows were taken")
            return
        }
        #expect(!RowFile(folder: folder.path, hash: stored.hash).exists)
    }
}
