import HTTP
import Testing

@Suite struct ConnectionTests {
    private static func routes(_ router: inout Router) {
        router.inline(.get, "/inline") { _ in Response(status: .ok, body: Array("inline".utf8)) }
        router.pooled(.get, "/pooled") { _ in Response(status: .ok, body: Array("pooled".utf8)) }
        router.pooled(.post, "/echo/{name}", bodyLimit: 10) { request in
            Response(
                status: .created,
                fields: ["X-Name": request.parameters["name"] ?? ""],
                body: request.body
            )
        }
        router.streaming(.get, "/stream") { request, stream in
            stream.start(status: .ok, fields: ["Content-Type": "text/plain"])
            stream.write(Array("one,".utf8))
            stream.write(Array("two".utf8))
            stream.finish()
        }
        router.inline(.get, "/closing") { _ in
            Response(status: .ok, fields: ["Connection": "close"])
        }
        router.inline(.get, "/unchanged") { _ in
            Response(status: .notModified, fields: ["ETag": "\"1\""], body: [1, 2, 3])
        }
        router.inline(.get, "/splitting") { _ in
            Response(status: .ok, fields: ["X": "a\r\nSet-Cookie: b"])
        }
    }

    private let server: TestServer

    init() throws {
        server = try TestServer(routes: Self.routes)
    }

    @Test func `answers several requests on one connection`() throws {
        let client = try server.connect()
        for _ in 0..<3 {
            #expect(try client.get("/inline").body == "inline")
            #expect(try client.get("/pooled").body == "pooled")
        }
        #expect(server.server.statistics.acceptedConnections == 1)
    }

    @Test func `answers pipelined requests in their order, whoever is faster`() throws {
        let client = try server.connect()
        let paths = ["/pooled", "/inline", "/stream", "/inline", "/none", "/pooled", "/inline"]
        client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
        let bodies = try paths.map { _ in try client.answer().body }
        #expect(
            bodies == [
                "pooled", "inline", "one,two", "inline", "nothing stands at this path\n", "pooled",
                "inline",
            ]
        )
    }

    @Test(arguments: [1, 3, 100])
    func `answers the same however few bytes a read or write moves`(limit: Int) throws {
        let server = try TestServer(
            { configuration in
                configuration.makeTransport = { DripTransport(descriptor: $0, limit: limit) }
            },
            routes: Self.routes
        )
        let client = try server.connect()
        client.send("POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
        client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        client.send("GET /a HTTP/9.9\r\n\r\n")
        #expect(try client.answer().body == "abc")
        #expect(try client.answer().body == "one,two")
        #expect(try client.answer().status == 505)
        #expect(client.remainder() == "")
    }

    @Test func `hands body and parameters to the handler`() throws {
        let client = try server.connect()
        client.send(
            "POST /echo/a%2Fb HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\nX: y\r\n\r\n"
        )
        let answer = try client.answer()
        #expect(answer.status == 201)
        #expect(answer.fields["X-Name"] == "a/b")
        #expect(answer.body == "abc")
    }

    @Test(arguments: ["/inline", "/pooled", "/stream"])
    func `answers HEAD with the fields of GET and no body`(path: String) throws {
        let client = try server.connect()
        var expected = try client.get(path).fields
        client.send("HEAD \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
        var fields = try client.answer(toHead: true).fields
        for name in ["Date", "Server-Timing", "X-Request-Id"] {
            (fields[name], expected[name]) = (nil, nil)
        }
        #expect(fields == expected)
        #expect(try client.get("/inline").body == "inline")
    }

    @Test func `sends neither body nor length with 304`() throws {
        let client = try server.connect()
        let answer = try client.get("/unchanged")
        #expect(answer.status == 304)
        #expect(answer.fields["Content-Length"] == nil)
        #expect(try client.get("/inline").body == "inline")
    }

    @Test func `gives every answer an identifier of its own`() throws {
        let client = try server.connect()
        let ids = try ["/inline", "/none", "/stream"].map {
            try client.get($0).fields["X-Request-Id"]
        }
        #expect(Set(ids).count == 3 && !ids.contains(nil))
        #expect(server.log.records.map(\.requestID) == ids)
        #expect(server.log.records.map(\.template) == ["/inline", nil, "/stream"])
    }

    @Test func `closes after the answer when the client or the handler says so`() throws {
        for (path, fields) in [("/inline", "Connection: close\r\n"), ("/closing", "")] {
            let client = try server.connect()
            let answer = try client.get(path, fields: fields)
            #expect(answer.status == 200)
            #expect(answer.fields["Connection"] == "close")
            #expect(client.remainder() == "")
        }
    }

    @Test func `ends a connection of HTTP 1.0 unless it asks for more`() throws {
        let client = try server.connect()
        client.send("GET /inline HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try client.answer().fields["Connection"] == "keep-alive")
        client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.fields["Transfer-Encoding"] == nil)
        #expect(answer.fields["Connection"] == "close")
        #expect(answer.body == "one,two")
    }

    @Test(arguments: ["/inline", "/pooled", "/stream"])
    func `answers a client that has closed its sending side`(path: String) throws {
        let client = try server.connect()
        client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
        client.finishSending()
        #expect(try client.answer().status == 200)
        #expect(client.remainder() == "")
    }

    @Test func `answers 400 when a request ends in its middle`() throws {
        let client = try server.connect()
        client.send("POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab")
        client.finishSending()
        #expect(try client.answer().status == 400)
    }

    @Test func `replaces an answer whose fields would split it`() throws {
        let client = try server.connect()
        let answer = try client.get("/splitting")
        #expect(answer.status == 500)
        #expect(answer.fields["Set-Cookie"] == nil)
        #expect(server.log.failures.map(\.operation) == ["respond"])
    }
}
