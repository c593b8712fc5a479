import Dispatch
import Foundation
import Glibc
import HTTP
import Synchronization

/// One line of JSON for every answer, in a file or on standard error.
///
/// Written by a queue of its own, so that a slow disk holds up no answer. Lines that come faster than
/// they can be written are left out, and the next line that is written says how many.
final class AccessLog: Sendable {
    private static let capacity = 10_000

    private struct Line: Encodable {
        let time: String
        let request: String
        let trace: String?
        let peer: String
        let client: String?
        let method: String?
        let target: String?
        let route: String?
        let status: Int
        let bytes: Int
        let milliseconds: Double
        let aborted: Bool?
        let omitted: Int?
    }

    private struct State {
        var waiting = 0
        var omitted = 0
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "access-log", qos: .utility)

    /// Opens a file to append to, for its owner alone; `-` is standard error.
    init(_ file: String) throws {
        descriptor =
            file == "-"
            ? STDERR_FILENO : open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    /// Takes one answer; never blocks.
    func write(_ record: AccessRecord) {
        let omitted: Int? = state.withLock { state in
            guard state.waiting < Self.capacity else {
                state.omitted += 1
                return nil
            }
            state.waiting += 1
            defer { state.omitted = 0 }
            return state.omitted
        }
        guard let omitted else { return }
        let now = Date()
        queue.async { [self] in
            append(record, at: now, omitted: omitted)
            state.withLock { $0.waiting -= 1 }
        }
    }

    /// Waits until every line that was taken is written.
    func flush() {
        queue.sync {}
    }

    private func append(_ record: AccessRecord, at instant: Date, omitted: Int) {
        let line = Line(
            time: instant.ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true)),
            request: record.requestID,
            trace: record.traceparent,
            peer: record.remoteAddress,
            client: record.client,
            method: record.method?.rawValue,
            target: record.target,
            route: record.template,
            status: record.status.code,
            bytes: record.bodyBytes,
            milliseconds: (record.duration / .microseconds(1)).rounded() / 1_000,
            aborted: record.isAborted ? true : nil,
            omitted: omitted > 0 ? omitted : nil
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        // A line of texts and finite numbers can always be encoded.
        guard var bytes = try? encoder.encode(line) else { return }
        bytes.append(0x0A)
        // One write, so that lines of several processes do not mix; a full disk costs lines, no more.
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
