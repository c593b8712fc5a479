internal import Foundation

/// Reads one answer out of the bytes of a connection (RFC 9112), strictly enough for a test.
package struct HTTPReplyParser: Sendable {
    /// Why bytes are no answer.
    package struct Malformed: Error, CustomStringConvertible {
        /// What is wrong.
        package let description: String
    }

    private let isAnswerToHead: Bool
    private var buffer: [UInt8] = []

    /// Makes a parser.
    ///
    /// - Parameter isAnswerToHead: Whether the answer has no body whatever its fields say.
    package init(isAnswerToHead: Bool = false) {
        self.isAnswerToHead = isAnswerToHead
    }

    /// Takes bytes behind those that came before.
    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// The answer, once it is whole; interim answers are passed over.
    ///
    /// - Parameter isAtEnd: Whether no more bytes come, which ends a body without a length.
    /// - Returns: The answer; `nil` while bytes are missing.
    /// - Throws: ``Malformed`` where the bytes are no answer or end before it does.
    package mutating func next(isAtEnd: Bool) throws -> HTTPReply? {
        while let end = headEnd {
            let head = try Self.head(buffer[..<end])
            guard (100..<200).contains(head.status) else {
                let body = try self.body(of: head, from: end + 4, isAtEnd: isAtEnd)
                guard let body else { break }
                return HTTPReply(status: head.status, fields: head.fields, body: body)
            }
            buffer.removeFirst(end + 4)
        }
        guard !isAtEnd else {
            throw Malformed(description: "the connection ended after \(buffer.count) bytes")
        }
        return nil
    }

    /// Where the blank line begins that ends the fields.
    private var headEnd: Int? {
        buffer.indices.dropLast(3).first { index in
            buffer[index..<index + 4].elementsEqual("\r\n\r\n".utf8)
        }
    }

    private static func head(_ bytes: ArraySlice<UInt8>) throws -> HTTPReply {
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "HTTP/1.1", words[1].count == 3,
            let status = Int(words[1])
        else { throw Malformed(description: "not a status line: \(lines[0])") }
        let fields = try lines.dropFirst().map { line in
            guard let colon = line.firstIndex(of: ":") else {
                throw Malformed(description: "not a field: \(line)")
            }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (name: String(line[..<colon]), value: value)
        }
        return HTTPReply(status: status, fields: fields)
    }

    private func body(of head: HTTPReply, from start: Int, isAtEnd: Bool) throws -> [UInt8]? {
        if isAnswerToHead || [204, 304].contains(head.status) { return [] }
        if head.field("Transfer-Encoding")?.lowercased() == "chunked" {
            return try chunks(from: start)
        }
        if let text = head.field("Content-Length") {
            guard let length = Int(text), length >= 0 else {
                throw Malformed(description: "Content-Length is \(text)")
            }
            return buffer.count >= start + length ? Array(buffer[start..<start + length]) : nil
        }
        return isAtEnd ? Array(buffer[start...]) : nil
    }

    private func chunks(from start: Int) throws -> [UInt8]? {
        var body: [UInt8] = []
        var place = start
        while let lineEnd = buffer[place...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: buffer[place..<lineEnd], as: UTF8.self)
            let digits = line.prefix { $0.isHexDigit }
            guard let size = Int(digits, radix: 16) else {
                throw Malformed(description: "not a chunk's size: \(line)")
            }
            // The last chunk is followed by a blank line; trailers are not used here.
            guard buffer.count >= lineEnd + 1 + size + 2 else { return nil }
            guard size > 0 else { return body }
            body += buffer[lineEnd + 1..<lineEnd + 1 + size]
            place = lineEnd + 1 + size + 2
        }
        return nil
    }
}
