import Crypto
import Datasets
import Foundation
import Synchronization
import Testing
import TrainingClient

@testable import TrainingWorker

/// Checkpoints and code on their way to a file.
@Suite(.timeLimit(.minutes(5))) struct FileFetchTests {
    private let path = FileManager.default.temporaryDirectory
        .appending(path: "lehr-fetch-\(UUID().uuidString)/deep/file").path
    private let server = FileServer()
    private let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
    private let tag = "\"1\""

    private func hash(_ bytes: some Sequence<UInt8>) -> String {
        SHA256.hash(data: Array(bytes)).map { String(Int($0) + 256, radix: 16).dropFirst() }
            .joined()
    }

    /// Runs a fetch again until it is over, as its owners do.
    private func fetch() async throws -> FileFetch.Content {
        let fetch = FileFetch(path: path)
        defer { fetch.remove() }
        let client = try server.client
        while true {
            do {
                let content = try await fetch.run { (offset) async throws(ClientError) in
                    try await client.archiveContent("0", from: offset)
                }
                let written = Array(try Data(contentsOf: URL(filePath: path)))
                #expect(content.hash == hash(written))
                #expect(content.size == written.count)
                return content
            } catch FileFetch.Failure.client(let error) where error.code == .connectionLost {
                continue
            }
        }
    }

    @Test func `is hashed over all bytes, whatever the connection did`() async throws {
        async let content = fetch()
        var call = try #require(await server.next())
        call.begin(200, tag: tag)
        for place in [1, 500, 999] {
            call.send(bytes[(place == 1 ? 0 : place == 500 ? 1 : 500)..<place])
            call.end(throwing: .connectionLost)
            call = try #require(await server.next())
            #expect(call.place == ["bytes=\(place)-", tag])
            call.begin(206, tag: tag, range: "\(place)-999/1000")
        }
        call.send(bytes[999...])
        call.end()
        #expect(try await content.hash == hash(bytes))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `is that of the last content where it becomes a shorter one`() async throws {
        async let content = fetch()
        let first = try #require(await server.next())
        first.begin(200, tag: tag)
        first.send(bytes[...])
        first.end(throwing: .connectionLost)
        let second = try #require(await server.next())
        second.begin(200, tag: "\"2\"")
        second.send(bytes[..<10])
        second.end()
        #expect(try await content.hash == hash(bytes[..<10]))
        #expect(try await content.size == 10)
    }

    @Test func `a disk that takes its time holds up no other task`() async throws {
        // More files than the shared pool has threads, none of which can be locked yet.
        let paths = (0..<ProcessInfo.processInfo.activeProcessorCount + 2).map { "\(path)-\($0)" }
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true
        )
        let descriptors = try paths.map { try PartialFile.create($0, permissions: 0o600) }
        let (begun, verdict) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let isInTime = Atomic(false)
        // Of no shared pool, so that a pool without a thread left fails the test and does not stop it.
        let release = Thread {
            isInTime.store(begun.wait(timeout: .now() + 240) == .success, ordering: .relaxed)
            for descriptor in descriptors { close(descriptor) }
            verdict.signal()
        }
        release.start()
        try await withThrowingTaskGroup(of: FileFetch.Content.self) { group in
            for path in paths {
                let server = FileServer()
                group.addTask {
                    let fetch = FileFetch(path: path)
                    defer { fetch.remove() }
                    let client = try server.client
                    return try await fetch.run { (offset) async throws(ClientError) in
                        try await client.archiveContent("0", from: offset)
                    }
                }
                let call = try #require(await server.next())
                call.begin(200, tag: tag)
                call.send(bytes[...])
                call.end()
            }
            begun.signal()
            for try await content in group { #expect(content.hash == hash(bytes)) }
        }
        verdict.wait()
        let wasInTime = isInTime.load(ordering: .relaxed)
        #expect(wasInTime)
    }
}
