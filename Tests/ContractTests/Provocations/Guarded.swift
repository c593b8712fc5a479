import Foundation
import TestSupport
import Testing

/// A server that wants tokens, and one token for each kind of client.
struct Guarded: Sendable {
    /// The server, without workers.
    let server: RunningServer
    /// The tokens by their names.
    private let tokens: [String: String]

    init(binaries: URL, folder: URL) async throws {
        let file = folder.appending(path: "tokens").path
        var tokens: [String: String] = [:]
        for (name, options) in [
            ("reader", ["--scope", "read"]), ("slow", ["--scope", "read", "--rate", "1"]),
        ] {
            let process = Process()
            process.executableURL = binaries.appending(path: "lehrd")
            process.arguments = ["token", name, "--file", file] + options
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let text = String(
                decoding: output.fileHandleForReading.readDataToEndOfFile(),
                as: UTF8.self
            )
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            tokens[name] = text.trimmingCharacters(in: .newlines)
        }
        self.tokens = tokens
        server = try await RunningServer(
            .init(
                binaries: binaries,
                folder: folder.appending(path: "guarded"),
                workers: 0,
                arguments: ["--token-file", file]
            )
        )
    }

    /// Reads `target` with the token called `name`.
    func get(_ target: String, as name: String) async throws -> HTTPReply {
        try await send("GET", target, as: name)
    }

    /// Sends a request without a body with the token called `name`.
    func send(_ method: String, _ target: String, as name: String) async throws -> HTTPReply {
        let token = try #require(tokens[name])
        return try await server.client.send(
            HTTPRequest(method, target, fields: ["Authorization": "Bearer \(token)"])
        )
    }
}
