import Testing

@testable import HTTP

@Suite struct ResponseHeadTests {
    private func head(_ fields: Fields) -> ResponseHead {
        ResponseHead(
            status: .ok,
            fields: fields,
            framing: .length(12),
            persistence: .close,
            requestID: "id"
        )
    }

    @Test func `writes the server's fields and the handler's`() {
        var bytes: [UInt8] = []
        head(["ETag": "\"1\""]).write(date: HTTPDate.format(784_111_777), into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Request-Id: id\r\n"
                + "X-Content-Type-Options: nosniff\r\nETag: \"1\"\r\nContent-Length: 12\r\nConnection: close\r\n\r\n"
        )
    }

    @Test func `leaves out fields that only the server may write`() {
        var bytes: [UInt8] = []
        let fields: Fields = [
            "content-length": "99", "Transfer-Encoding": "chunked", "connection": "keep-alive",
            "DATE": "never", "x-request-id": "other",
        ]
        head(fields).write(date: Array("now".utf8), into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nDate: now\r\nX-Request-Id: id\r\n"
                + "X-Content-Type-Options: nosniff\r\nContent-Length: 12\r\n"
                + "Connection: close\r\n\r\n"
        )
    }

    @Test(arguments: [
        ("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "a\rb"), ("X", "a\u{0}"), ("X Y", "a"),
        ("", "a"), ("X\r\nY", "a"), ("X:", "a"),
    ])
    func `calls fields unsafe that would split the response`(name: String, value: String) {
        #expect(!head([name: value]).isSafe)
        #expect(head(["X": "a\tb ü"]).isSafe)
    }
}
