import Testing

@testable import HTTP

@Suite struct RequestParserTests {
    static let marker = Array("GET /marker HTTP/1.1\r\nHost: h\r\n\r\n".utf8)

    @Test(arguments: RequestCase.table)
    func `answers a whole request as the table says`(row: RequestCase) {
        #expect(RequestCase.outcomes(of: [row.bytes[...]]) == [row.outcome])
    }

    @Test(arguments: RequestCase.table)
    func `answers a request cut at any byte like a whole one`(row: RequestCase) {
        // Long rows differ from short ones in one repeated byte: every 97th cut reaches them.
        let step = row.bytes.count > 2_000 ? 97 : 1
        for cut in stride(from: 1, to: row.bytes.count, by: step) {
            let outcomes = RequestCase.outcomes(of: [row.bytes[..<cut], row.bytes[cut...]])
            #expect(outcomes == [row.outcome], "cut at \(cut)")
        }
    }

    @Test(arguments: RequestCase.table)
    func `answers a request that comes byte by byte like a whole one`(row: RequestCase) {
        let pieces = row.bytes.indices.map { row.bytes[$0...$0] }
        #expect(RequestCase.outcomes(of: pieces) == [row.outcome])
    }

    @Test(arguments: RequestCase.table)
    func `reads the request behind a good one and nothing behind a bad one`(row: RequestCase) {
        let bytes = row.bytes + Self.marker
        let expected: [RequestCase.Outcome] =
            if case .taken = row.outcome { [row.outcome, .taken(body: "")] } else { [row.outcome] }
        #expect(RequestCase.outcomes(of: [bytes[...]]) == expected)
        #expect(RequestCase.outcomes(of: bytes.indices.map { bytes[$0...$0] }) == expected)
        #expect(
            RequestCase.outcomes(of: [(Self.marker + row.bytes)[...]])
                == [.taken(body: ""), row.outcome]
        )
    }

    @Test func `waits for the last chunk`() {
        let head = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(RequestCase.outcomes(of: [Array("\(head)3\r\nabc\r\n".utf8)[...]]).isEmpty)
    }

    @Test func `counts the chunks of a body together against the limit`() {
        var limits = HTTPServerLimits()
        limits.bodyBytes = 5
        let head = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        let fits = Array("\(head)3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".utf8)
        let exceeds = Array("\(head)3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n".utf8)
        #expect(RequestCase.outcomes(of: [fits[...]], limits: limits) == [.taken(body: "abcde")])
        #expect(RequestCase.outcomes(of: [exceeds[...]], limits: limits) == [.refused(413)])
    }
}
