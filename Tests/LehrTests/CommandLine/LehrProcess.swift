import Foundation

/// A run of the command line as a process of its own.
struct LehrProcess {
    /// How a run ended and what it wrote.
    struct Ending {
        let status: Int32
        let output: String
        let errors: String

        /// What was written to standard output, by lines.
        var lines: [Substring] { output.split(separator: "\n") }
    }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let ended: AsyncStream<Void>

    /// The folder of `lehr`: the test's own executable stands beside the ones it was built with.
    static var folder: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// Starts `lehr`, or another program, with nothing in its environment but `environment`.
    init(
        _ arguments: [String],
        executable: String? = nil,
        environment: [String: String] = [:],
        input: String = ""
    ) throws {
        process.executableURL = URL(
            filePath: executable ?? Self.folder.appending(path: "lehr").path
        )
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = output
        process.standardError = errors
        let standardInput = Pipe()
        process.standardInput = standardInput
        let (ended, feed) = AsyncStream.makeStream(of: Void.self)
        self.ended = ended
        process.terminationHandler = { _ in feed.finish() }
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
    }

    /// Presses Ctrl-C, if the process still runs.
    func interrupt() {
        if process.isRunning { process.interrupt() }
    }

    /// Waits for the end; what is written must fit a pipe.
    func ending() async throws -> Ending {
        for await _ in ended {}
        return Ending(
            status: process.terminationStatus,
            output: String(
                decoding: try output.fileHandleForReading.readToEnd() ?? Data(),
                as: UTF8.self
            ),
            errors: String(
                decoding: try errors.fileHandleForReading.readToEnd() ?? Data(),
                as: UTF8.self
            )
        )
    }

    /// Runs `lehr` against a server.
    static func run(
        _ arguments: String...,
        server: String? = nil,
        input: String = ""
    ) async throws -> Ending {
        let environment = server.map { ["LEHR_SERVER": $0] } ?? [:]
        return try await LehrProcess(arguments, environment: environment, input: input).ending()
    }
}
