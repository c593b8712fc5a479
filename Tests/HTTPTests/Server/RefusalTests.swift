import HTTP
import Testing

@Suite struct RefusalTests {
    private let server: TestServer

    init() throws {
        server = try TestServer({ $0.allowedHosts = ["localhost", "[::1]"] }) { router in
            router.inline(.get, "/a") { _ in Response(status: .ok, body: Array("a".utf8)) }
            router.pooled(.post, "/small", bodyLimit: 4) { Response(status: .ok, body: $0.body) }
        }
    }

    @Test(arguments: [
        ("GET /none", 404, nil), ("PUT /a", 405, "GET, HEAD, OPTIONS"), ("BREW /a", 501, nil),
        ("TRACE /a", 405, "GET, HEAD, OPTIONS"), ("QUERY /a", 405, "GET, HEAD, OPTIONS"),
        ("OPTIONS /a", 204, "GET, HEAD, OPTIONS"),
        ("OPTIONS *", 204, "GET, HEAD, OPTIONS, POST"), ("OPTIONS /none", 404, nil),
        ("GET /small", 405, "OPTIONS, POST"), ("GET /a/", 404, nil), ("GET //a", 404, nil),
        ("GET http://other/a", 421, nil), ("GET http://[::1]:80/a", 200, nil),
    ])
    func `answers what no handler answers and goes on`(
        line: String,
        status: Int,
        allow: String?
    ) throws {
        let client = try server.connect()
        client.send("\(line) HTTP/1.1\r\nHost: localhost:80\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(answer.fields["Allow"] == allow)
        #expect(answer.fields["Connection"] == nil)
        #expect(try client.get("/a").body == "a")
    }

    @Test(arguments: ["evil.example", "localhost.evil", "127.0.0.1", "localhost@evil"])
    func `answers no host but its own`(host: String) throws {
        let client = try server.connect()
        client.send("GET /a HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect([400, 421].contains(try client.answer().status))
    }

    @Test(arguments: [
        ("POST /small", "Content-Length: 5", 413), ("POST /none", "Content-Length: 5", 404),
        ("PUT /a", "Transfer-Encoding: chunked", 405),
        ("POST /small", "Content-Length: 2\r\nContent-Encoding: gzip", 415),
        ("POST /small", "Content-Length: 2\r\nExpect: magic", 417),
        ("POST /small", "Content-Length: 5\r\nExpect: 100-continue", 413),
    ])
    func `refuses a body before it has come and closes`(
        line: String,
        fields: String,
        status: Int
    ) throws {
        let client = try server.connect()
        client.send("\(line) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\r\n")
        // The first answer is the final one: no 100 invites the body.
        let answer = try client.head()
        #expect(answer.status == status)
        #expect(answer.fields["Connection"] == "close")
    }

    @Test func `invites a body that it will read`() throws {
        let client = try server.connect()
        client.send(
            "POST /small HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                + "Expect: 100-continue\r\n\r\n"
        )
        #expect(try client.head().status == 100)
        client.send("ab")
        #expect(try client.answer().body == "ab")
    }

    @Test func `refuses a chunked body at the chunk that makes it too large`() throws {
        let client = try server.connect()
        client.send(
            "POST /small HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4\r\nabcd\r\n1\r\n"
        )
        #expect(try client.answer().status == 413)
    }

    @Test func `delivers a refusal to a client that goes on sending`() throws {
        let client = try server.connect()
        client.send("POST /small HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n")
        #expect(client.send([UInt8](repeating: 0, count: 900_000)))
        #expect(try client.answer().status == 413)
        #expect(client.endsInOrder())
    }

    @Test(arguments: RequestCase.table)
    func `answers the table's rows over a socket, and the marker behind good ones`(
        row: RequestCase
    ) throws {
        try expect(row, from: TestServer(routes: Self.tableRoutes))
    }

    @Test(arguments: RequestCase.table)
    func `answers the table's rows alike when each read brings a few bytes`(
        row: RequestCase
    ) throws {
        let limit = row.bytes.count > 2_000 ? 61 : 1
        try expect(
            row,
            from: TestServer(
                { $0.makeTransport = { DripTransport(descriptor: $0, limit: limit) } },
                routes: Self.tableRoutes
            )
        )
    }

    private static func tableRoutes(_ router: inout Router) {
        router.inline(.get, "/marker") { _ in Response(status: 299) }
        router.inline(.get, "/a") { Response(status: .ok, body: $0.body) }
        router.pooled(.post, "/a") { Response(status: .ok, body: $0.body) }
    }

    private func expect(_ row: RequestCase, from server: TestServer) throws {
        let client = try server.connect()
        client.send(row.bytes + Array("GET /marker HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
        let answer = try client.answer()
        switch row.outcome {
        case .taken(let body):
            if answer.status == 200 { #expect(answer.body == body) }
            // What ends HTTP/1.0 by default is told apart by the field.
            if answer.fields["Connection"] != "close" {
                #expect(try client.answer().status == 299)
            }
        case .refused(let status):
            #expect(answer.status == status)
            #expect(answer.fields["Connection"] == "close")
            #expect(client.remainder() == "")
        }
    }
}
