import Testing
import TestSupport

@Suite struct HTTPReplyParserTests {
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
    ])
    func `gives the same answer however the bytes are cut`(text: String) throws {
        let bytes = Array(text.utf8)
        for cut in bytes.indices {
            var parser = HTTPReplyParser()
            parser.feed(bytes[..<cut])
            #expect(try parser.next(isAtEnd: false) == nil)
            parser.feed(bytes[cut...])
            let reply = try #require(try parser.next(isAtEnd: false))
            #expect(reply.status == 200)
            #expect(reply.text == "hello")
        }
    }

    @Test func `reads a body without a length to the end of the connection`() throws {
        var parser = HTTPReplyParser()
        parser.feed("HTTP/1.1 200 OK\r\nX-Kind: a: b\r\n\r\nhello".utf8)
        #expect(try parser.next(isAtEnd: false) == nil)
        let reply = try #require(try parser.next(isAtEnd: true))
        #expect(reply.text == "hello")
        #expect(reply.field("x-kind") == "a: b")
    }

    @Test(arguments: ["HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"])
    func `expects no body where the status has none`(text: String) throws {
        var parser = HTTPReplyParser()
        parser.feed(text.utf8)
        #expect(try parser.next(isAtEnd: false)?.body == [])
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "HTTP/1.1 200 OK\r\nbare\r\n\r\n",
    ])
    func `refuses what is no whole answer`(text: String) {
        #expect(throws: HTTPReplyParser.Malformed.self) {
            var parser = HTTPReplyParser()
            parser.feed(text.utf8)
            _ = try parser.next(isAtEnd: true)
        }
    }
}
