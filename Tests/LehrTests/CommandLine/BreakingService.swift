import Foundation
import Synchronization
import TrainingAPI

/// A server of one job whose files break off in the middle, until they are asked for from there.
///
/// On sockets of its own: what was written arrives before the connection ends.
final class BreakingService: Sendable {
    /// What the server does with a file.
    struct Course: Sendable {
        /// The file at each request; the last one stays.
        let contents: [String]
        /// How many bytes each answer has before the connection ends; all where the list has ended.
        let pieces: [Int]
        /// Whether ranges count.
        var takesRanges = true
    }

    /// `http://127.0.0.1:PORT`.
    let url: String
    private let job: JobBody
    private let course: Course
    private let descriptor: Int32
    private let ranges = Mutex<[String?]>([])

    /// Serves `job`, every file of which goes as `course` says.
    init(_ job: JobBody, _ course: Course) throws {
        self.job = job
        self.course = course
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutableBytes(of: &address) { [descriptor] bytes in
            let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            return bind(descriptor, address, size) == 0 && listen(descriptor, 64) == 0
                && address.map { getsockname(descriptor, $0, &size) } == 0
        }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread { [self] in
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                answer(connection)
                close(connection)
            }
        }.start()
    }

    /// The ranges that were asked for so far.
    var asked: [String?] { ranges.withLock { $0 } }

    /// Stops the server.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func answer(_ connection: Int32) {
        guard let request = Self.head(from: connection) else { return }
        let lines = request.split(separator: "\r\n")
        let isFile =
            lines.first?.contains("/checkpoints/") == true
            || lines.first?.contains("/artifacts/") == true
        guard isFile else {
            return Self.send("200 OK", "", job.json(), to: connection)
        }
        let range = lines.first { $0.hasPrefix("Range: ") }.map { String($0.dropFirst(7)) }
        let condition = lines.first { $0.hasPrefix("If-Range: ") }.map { $0.dropFirst(10) }
        let number = ranges.withLock { ranges in
            ranges.append(range)
            return ranges.count - 1
        }
        let content = Array(course.contents[min(number, course.contents.count - 1)].utf8)
        let piece = number < course.pieces.count ? course.pieces[number] : nil
        let tag = "\"\(content.count)\""
        let start = range.flatMap { Int($0.dropFirst(6).dropLast()) }
        guard course.takesRanges, let start, condition.map({ $0 == tag }) == true else {
            return Self.send("200 OK", "ETag: \(tag)\r\n", content, piece, to: connection)
        }
        let fields =
            "ETag: \(tag)\r\nContent-Range: bytes \(start)-\(content.count - 1)/\(content.count)\r\n"
        Self.send("206 Partial Content", fields, Array(content[start...]), piece, to: connection)
    }

    private static func head(from connection: Int32) -> String? {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            var byte: UInt8 = 0
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func send(
        _ status: String,
        _ fields: String,
        _ body: [UInt8],
        _ count: Int? = nil,
        to connection: Int32
    ) {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\(fields)\r\n"
        var rest = (Array(head.utf8) + body.prefix(count ?? .max))[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}
