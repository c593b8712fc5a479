import Testing

@testable import HTTP

/// One row of the table of byte cases: what is sent, and what must become of it.
struct RequestCase: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable, Equatable {
        /// The request is understood; this is its body.
        case taken(body: String)
        /// The request is refused with this status, and the connection ends.
        case refused(Int)
    }

    var name: String
    var bytes: [UInt8]
    var outcome: Outcome

    var testDescription: String { name }

    init(_ name: String, _ text: String, _ outcome: Outcome) {
        self.init(name, Array(text.utf8), outcome)
    }

    init(_ name: String, _ bytes: [UInt8], _ outcome: Outcome) {
        self.name = name
        self.bytes = bytes
        self.outcome = outcome
    }

    /// A request with one field beside `Host`.
    init(field: String, body: String = "", method: String = "POST", _ outcome: Outcome) {
        self.init(
            "field \(field.debugDescription)",
            "\(method) /a HTTP/1.1\r\nHost: h\r\n\(field)\r\n\r\n\(body)",
            outcome
        )
    }

    /// A request with this request line.
    init(line: String, _ outcome: Outcome) {
        self.init("line \(line.debugDescription)", "\(line)\r\nHost: h\r\n\r\n", outcome)
    }

    /// A chunked request with these bytes behind its head.
    init(chunks: String, _ outcome: Outcome) {
        self.init(
            "chunks \(chunks.debugDescription)",
            "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)",
            outcome
        )
    }

    /// What the parser makes of byte pieces: every request's body, and the fault at the end.
    static func outcomes(of pieces: [ArraySlice<UInt8>], limits: HTTPServerLimits = .init())
        -> [Outcome]
    {
        var parser = RequestParser(limits: limits)
        var outcomes: [Outcome] = []
        var body: [UInt8] = []
        for piece in pieces {
            piece.withUnsafeBytes { parser.feed($0) }
            do {
                while let element = try parser.next() {
                    switch element {
                    case .head: body = []
                    case .body(let piece): body.append(contentsOf: piece)
                    case .end: outcomes.append(.taken(body: String(decoding: body, as: UTF8.self)))
                    }
                }
            } catch {
                return outcomes + [.refused(error.status.code)]
            }
        }
        return outcomes
    }
}
