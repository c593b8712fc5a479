import ArgumentParser
import Foundation
import Logging

/// How much a process tells on standard error.
struct LogOptions: ParsableArguments {
    /// The variable of the environment that says the level where no option does.
    static let variable = "LEHR_LOG_LEVEL"

    @Option(
        help: ArgumentHelp(
            "How much is told on standard error; LEHR_LOG_LEVEL, else info.",
            discussion: "At debug every answer of the server is a line.",
            valueName: "level"
        ),
        completion: .list(Logger.Level.allCases.map(\.rawValue)),
        transform: { try Self.level($0, of: "--log-level") }
    )
    var logLevel: Logger.Level?

    func validate() throws {
        if logLevel == nil, let word = Self.word { _ = try Self.level(word, of: Self.variable) }
    }

    private static func level(_ text: String, of name: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(name) must be one of \(names), not \(text)")
        }
        return level
    }

    /// A logger called `label`.
    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel ?? Self.word.flatMap(Logger.Level.init(rawValue:)) ?? .info
        return logger
    }

    private static var word: String? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
}
