import Foundation
import Synchronization
import TestSupport
import Testing

/// A run of the command line's release binary, whose output is seen as it comes.
final class LehrCommand: Sendable {
    /// What a run has written so far.
    struct Output: Sendable {
        fileprivate(set) var text = ""
        fileprivate(set) var errors = ""

        /// The finished lines of standard output.
        var lines: [Substring] {
            text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        }
    }

    private let output = Mutex(Output())
    private let status = Mutex<Int32?>(nil)
    private let processID: Int32

    /// Starts `lehr` with nothing of this user's own: no profile, no token, no terminal.
    ///
    /// - Parameters:
    ///   - arguments: What follows `lehr`.
    ///   - server: What `LEHR_SERVER` says.
    /// - Throws: Where it cannot be started.
    init(_ arguments: [String], server: String) throws {
        let process = Process()
        process.executableURL = try #require(Bench.binaries).appending(path: "lehr")
        process.arguments = arguments
        process.environment = ["LEHR_SERVER": server, "HOME": "/nonexistent"]
        process.standardInput = FileHandle.nullDevice
        let pipes = [Pipe(), Pipe()]
        process.standardOutput = pipes[0]
        process.standardError = pipes[1]
        try process.run()
        processID = process.processIdentifier
        read(pipes[0]) { $0.text += $1 }
        read(pipes[1]) { $0.errors += $1 }
        Thread.detachNewThread { [self] in
            process.waitUntilExit()
            status.withLock { $0 = process.terminationStatus }
        }
    }

    /// What was written so far.
    var written: Output { output.withLock { $0 } }

    /// Presses Ctrl-C.
    func interrupt() {
        status.withLock { status in
            if status == nil { kill(processID, SIGINT) }
        }
    }

    /// Waits until what was written meets a condition; a run that ends before fails the test.
    func wait(until isMet: (Output) -> Bool) async throws {
        while true {
            let hasEnded = status.withLock { $0 != nil }
            let written = written
            if isMet(written) { return }
            try #require(!hasEnded, "lehr ended before: \(written)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits until the run has ended and all that it wrote was read.
    func ending() async throws -> (status: Int32, output: Output) {
        while true {
            let status = status.withLock { $0 }
            if let status, openPipes.withLock({ $0 == 0 }) { return (status, written) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private let openPipes = Mutex(2)

    private func read(_ pipe: Pipe, note: @escaping @Sendable (inout Output, String) -> Void) {
        Thread.detachNewThread { [self] in
            // A character may be cut at the end of a piece; its bytes wait for the rest.
            var bytes: [UInt8] = []
            while true {
                let piece = pipe.fileHandleForReading.availableData
                bytes += piece
                if piece.isEmpty || String(validating: bytes, as: UTF8.self) != nil {
                    let text = String(decoding: bytes, as: UTF8.self)
                    output.withLock { note(&$0, text) }
                    bytes = []
                }
                if piece.isEmpty { break }
            }
            openPipes.withLock { $0 -= 1 }
        }
    }

    /// Runs `lehr` to its end.
    static func run(
        _ arguments: String...,
        server: RunningServer
    ) async throws -> (status: Int32, output: Output) {
        try await LehrCommand(arguments, server: server.url).ending()
    }
}

extension RunningServer {
    /// `http://127.0.0.1:PORT`.
    var url: String { "http://127.0.0.1:\(port)" }
}
