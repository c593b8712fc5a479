import ArgumentParser
import Foundation
import HTTP

/// `NAME=VALUE`, one limit of the HTTP server as it is set on the command line.
struct LimitSetting: ExpressibleByArgument, Sendable {
    /// A limit that can be set.
    struct Limit: Sendable {
        /// Its name, with the unit where it is not a count.
        let name: String
        /// The values that it may have.
        let range: ClosedRange<Int>
        /// Its value in a configuration.
        let value: @Sendable (HTTPServerConfiguration) -> Int
        /// Sets it.
        let set: @Sendable (inout HTTPServerConfiguration, Int) -> Void
    }

    let limit: Limit
    let value: Int

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let limit = Self.all.first(where: { $0.name == parts[0] }),
            let value = Int(parts[1]), limit.range.contains(value)
        else { return nil }
        self.limit = limit
        self.value = value
    }

    /// Every limit with its default and its range, one a line.
    static var table: String {
        let defaults = HTTPServerConfiguration()
        return all.map { limit in
            let name = limit.name.padding(toLength: 28, withPad: " ", startingAt: 0)
            let range = "\(limit.range.lowerBound) to \(limit.range.upperBound)"
            return "\(name)\(limit.value(defaults))  (\(range))"
        }.joined(separator: "\n")
    }

    private static func count(
        _ name: String,
        _ path: any WritableKeyPath<HTTPServerConfiguration, Int> & Sendable,
        _ range: ClosedRange<Int>
    ) -> Limit {
        Limit(name: name, range: range) {
            $0[keyPath: path]
        } set: {
            $0[keyPath: path] = $1
        }
    }

    private static func seconds(
        _ name: String,
        _ path: any WritableKeyPath<HTTPServerConfiguration, Duration> & Sendable
    ) -> Limit {
        Limit(name: name, range: 1...86_400) {
            Int($0[keyPath: path].components.seconds)
        } set: {
            $0[keyPath: path] = .seconds($1)
        }
    }

    private static let all: [Limit] = [
        count("request_line_bytes", \.limits.requestLineBytes, 128...1_048_576),
        count("field_count", \.limits.fieldCount, 8...10_000),
        count("field_bytes", \.limits.fieldBytes, 512...1_048_576),
        count("trailer_bytes", \.limits.trailerBytes, 0...1_048_576),
        count("chunk_extension_bytes", \.limits.chunkExtensionBytes, 0...65_536),
        count("leading_blank_lines", \.limits.leadingBlankLines, 0...100),
        count("body_bytes", \.limits.bodyBytes, 1_024...1_073_741_824),
        count("buffered_body_bytes", \.limits.bufferedBodyBytes, 1_024...1_099_511_627_776),
        count("free_disk_bytes", \.limits.freeDiskBytes, 0...1_099_511_627_776),
        count("connections", \.limits.connections, 1...1_000_000),
        count("connections_per_address", \.limits.connectionsPerAddress, 1...1_000_000),
        count("backlog", \.limits.backlog, 1...65_535),
        count("output_bytes", \.limits.outputBytes, 1_024...1_073_741_824),
        count("stream_bytes", \.limits.streamBytes, 1_024...1_073_741_824),
        count("stream_cutoff_bytes", \.limits.streamCutoffBytes, 1_024...1_073_741_824),
        count("compressed_bytes", \.limits.compressedBytes, 0...1_073_741_824),
        count("lingering_bytes", \.limits.lingeringBytes, 0...1_073_741_824),
        count("waiting_requests", \.poolQueueLimit, 1...1_000_000),
        count("retry_after_seconds", \.retryAfterSeconds, 1...3_600),
        count("minimum_body_rate", \.deadlines.minimumBodyRate, 1...1_073_741_824),
        count("minimum_write_rate", \.deadlines.minimumWriteRate, 1...1_073_741_824),
        seconds("head_seconds", \.deadlines.head),
        seconds("idle_seconds", \.deadlines.idle),
        seconds("body_seconds", \.deadlines.body),
        seconds("body_pause_seconds", \.deadlines.bodyPause),
        seconds("write_seconds", \.deadlines.write),
        seconds("lingering_seconds", \.deadlines.lingering),
    ]
}
