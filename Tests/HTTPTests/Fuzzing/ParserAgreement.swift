@testable import HTTP

/// What must hold for the parser whatever bytes come: how they are cut decides nothing.
///
/// Shared by the fuzzer and by the test that replays its corpus.
enum ParserAgreement {
    /// What a stream of bytes came to.
    struct Reading: Equatable {
        var heads: [RequestHead] = []
        /// The body of each request whose end was seen, and of the last one as far as it came.
        var bodies: [[UInt8]] = []
        var ends = 0
        var fault: RequestFault?
    }

    /// Limits so small that a few hundred bytes reach every one of them.
    static let limits: HTTPServerLimits = {
        var limits = HTTPServerLimits()
        limits.requestLineBytes = 96
        limits.fieldCount = 6
        limits.fieldBytes = 160
        limits.trailerBytes = 48
        limits.chunkExtensionBytes = 12
        limits.leadingBlankLines = 2
        limits.bodyBytes = 64
        return limits
    }()

    /// Says how the readings of the same bytes differ, cut in several ways; nil when they agree.
    static func disagreement(over bytes: [UInt8]) -> String? {
        let whole = reading(of: [bytes[...]])
        if let breach = breach(in: whole) { return breach }
        let single = reading(of: bytes.indices.map { bytes[$0...$0] })
        if single != whole { return "byte by byte \(single), in one piece \(whole)" }
        // One cut more, at a place that the bytes themselves choose.
        let sum = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        let cut = bytes.isEmpty ? 0 : sum % bytes.count
        let halves = reading(of: [bytes[..<cut], bytes[cut...]])
        if halves != whole { return "cut at \(cut) \(halves), in one piece \(whole)" }
        return nil
    }

    private static func reading(of pieces: [ArraySlice<UInt8>]) -> Reading {
        var parser = RequestParser(limits: limits)
        var reading = Reading()
        for piece in pieces {
            piece.withUnsafeBytes { parser.feed($0) }
            do {
                while let element = try parser.next() {
                    switch element {
                    case .head(let head):
                        reading.heads.append(head)
                        reading.bodies.append([])
                    case .body(let piece): reading.bodies[reading.bodies.count - 1] += piece
                    case .end: reading.ends += 1
                    }
                }
            } catch {
                reading.fault = error
                return reading
            }
        }
        return reading
    }

    /// What must hold of any request that is taken.
    private static func breach(in reading: Reading) -> String? {
        if let fault = reading.fault, !(400...505).contains(fault.status.code) {
            return "a fault with status \(fault.status)"
        }
        for (head, body) in zip(reading.heads, reading.bodies) {
            if head.authority == nil, !head.isHTTP10 { return "HTTP/1.1 without a host: \(head)" }
            let texts =
                head.line.target.path
                + head.line.target.query.items.flatMap {
                    [$0.name, $0.value]
                }
            for text in texts where text.unicodeScalars.contains(where: { $0.value < 0x20 }) {
                return "a control character in \(head.line.target)"
            }
            if head.line.target.path.contains(where: { $0 == "." || $0 == ".." }) {
                return "a dot segment in \(head.line.target.path)"
            }
            for field in head.fields where !field.value.utf8.allSatisfy(\.isFieldContent) {
                return "a control character in the field \(field)"
            }
            if body.count > limits.bodyBytes, head.framing == .chunked {
                return "a chunked body of \(body.count) bytes"
            }
        }
        return nil
    }
}
