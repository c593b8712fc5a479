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
        let first = try await Bench(workers: 0).start()
        var second = try Bench(workers: 0).configuration
        second.port = first.port
        let error = await #expect(throws: RunningServer.Failure.self) {
            try await RunningServer(second)
        }
        #expect(error?.description.contains("127.0.0.1:\(first.port) is in use") == true)
    }

    @Test func `a folder that cannot be written is told in a sentence`() async throws {
        var configuration = try Bench(workers: 0).configuration
        configuration.folder = URL(filePath: "/proc/lehr")
        let error = await #expect(throws: RunningServer.Failure.self) {
            try await RunningServer(configuration)
        }
        #expect(error?.description.contains("cannot make the data folder /proc/lehr") == true)
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
