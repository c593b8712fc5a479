import Testing

@testable import HTTP

@Suite struct RequestHeadTests {
    private func head(_ text: String) throws -> RequestHead {
        var parser = RequestParser(limits: HTTPServerLimits())
        Array(text.utf8).withUnsafeBytes { parser.feed($0) }
        guard case .head(let head)? = try parser.next() else {
            throw RequestFault.malformed("there is no head in \(text)")
        }
        return head
    }

    @Test func `decodes a path after it was split`() throws {
        let path = try head("GET /v1/a%2Fb/%c3%a4+c/ HTTP/1.1\r\nHost: h\r\n\r\n").line.target.path
        #expect(path == ["v1", "a/b", "ä+c", ""])
    }

    @Test func `reads the query's pairs in order`() throws {
        let query = try head("GET /?a=1&b&a=%26+x&&=v&c=d=e HTTP/1.1\r\nHost: h\r\n\r\n")
            .line.target.query
        #expect(query.all("a") == ["1", "& x"])
        #expect(query.first("b") == "")
        #expect(query.first("") == "v")
        #expect(query.first("c") == "d=e")
        #expect(query.first("A") == nil)
    }

    @Test func `takes the host of an absolute target before that of the field`() throws {
        let head = try head("GET http://Other:81/a?b HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(head.authority == "other:81")
        #expect(head.line.target.path == ["a"])
        #expect(head.line.rawTarget == "http://Other:81/a?b")
    }

    @Test(arguments: [
        ("HTTP/1.1", "X: y", true), ("HTTP/1.1", "Connection: close", false),
        ("HTTP/1.1", "Connection: Upgrade, CLOSE", false),
        ("HTTP/1.1", "Connection: upgrade\r\nconnection: close", false),
        ("HTTP/1.1", "Connection: close, keep-alive", false),
        ("HTTP/1.1", "Connection: closed", true), ("HTTP/1.0", "X: y", false),
        ("HTTP/1.0", "Connection: Keep-Alive", true),
        ("HTTP/1.0", "Connection: keep-alive, close", false),
    ])
    func `keeps the connection as version and tokens say`(
        version: String,
        field: String,
        keeps: Bool
    ) throws {
        let head = try head("GET / \(version)\r\nHost: h\r\n\(field)\r\n\r\n")
        #expect(head.keepsAlive == keeps)
    }

    @Test func `finds fields without regard to case and keeps their order`() throws {
        let fields = try head("GET / HTTP/1.1\r\nHost: h\r\nAccept: a\r\naccept:  b \r\n\r\n")
            .fields
        #expect(fields["ACCEPT"] == "a")
        #expect(fields.values(for: "Accept") == ["a", "b"])
        #expect(fields.map(\.name) == ["Host", "Accept", "accept"])
    }

    @Test func `reads a field that is not UTF-8 as ISO 8859-1`() throws {
        var parser = RequestParser(limits: HTTPServerLimits())
        let bytes =
            Array("GET / HTTP/1.1\r\nHost: h\r\nX: gr".utf8) + [0xFC] + Array("n\r\n\r\n".utf8)
        bytes.withUnsafeBytes { parser.feed($0) }
        guard case .head(let head)? = try parser.next() else {
            Issue.record("there is no head")
            return
        }
        #expect(head.fields["x"] == "grün")
    }
}
