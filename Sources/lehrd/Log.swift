import Foundation
import Logging

/// The log on standard error.
enum Log {
    /// A logger called `label`, as loud as `LEHR_LOG_LEVEL` says; `info` by default.
    static func make(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        let level = ProcessInfo.processInfo.environment["LEHR_LOG_LEVEL"]
        logger.logLevel = level.flatMap(Logger.Level.init(rawValue:)) ?? .info
        return logger
    }
}
