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
