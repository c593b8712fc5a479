import Testing

@testable import HTTP

@Suite struct AnswerCodingTests {
    private static let text = (0..<1_000).map { "{\"step\":\($0),\"loss\":0.25}" }
        .joined(separator: ",")
    private static let gzip = "Accept-Encoding: br;q=0.5, gzip\r\n"

    private let server: TestServer

    init() throws {
        server = try TestServer(routes: Self.routes)
    }

    private static func routes(_ router: inout Router) {
        let answer = { @Sendable (type: String, body: String) in
            Response(
                status: .ok,
                fields: ["Content-Type": type, "ETag": "\"3\""],
                body: Array(body.utf8)
            )
        }
        router.pooled(.get, "/json") { request in
            let conditions = ["If-None-Match", "If-Match"].flatMap {
                request.fields.values(for: $0)
            }
            guard conditions.isEmpty else {
                let list = conditions.joined(separator: "|")
                return Response(status: .notModified, fields: ["ETag": "\"3\"", "X-Seen": list])
            }
            return answer("application/json", text)
        }
        router.pooled(.get, "/small") { _ in answer("application/json", "{}") }
        router.pooled(.get, "/weights") { _ in answer("application/octet-stream", text) }
        router.pooled(.get, "/coded") { _ in
            var response = answer("application/json", text)
            response.fields.set("Content-Encoding", "br")
            return response
        }
        let part: Fields = [
            "Content-Type": "text/csv", "ETag": "\"3\"", "Content-Range": "bytes 0-5/9",
        ]
        router.pooled(.get, "/part") { _ in
            Response(status: .partialContent, fields: part, body: Array("first\n".utf8))
        }
        router.streaming(.get, "/parts") { _, stream in
            stream.start(status: .partialContent, fields: part, length: 6)
            stream.write(Array("first\n".utf8))
            stream.finish()
        }
        router.streaming(.get, "/sized") { _, stream in
            stream.start(status: .ok, fields: ["Content-Type": "text/csv"], length: 6)
            stream.write(Array("first\n".utf8))
            stream.finish()
        }
        router.inline(.get, "/inline") { _ in answer("application/json", text) }
        router.deferred(.get, "/deferred") { _, reply in
            reply.send(answer("text/csv; charset=utf-8", text))
        }
        for (path, type) in [("/rows", "application/x-ndjson"), ("/events", "text/event-stream")] {
            router.streaming(.get, path) { _, stream in
                stream.start(status: .ok, fields: ["Content-Type": type, "ETag": "\"3\""])
                stream.write(Array("first\n".utf8))
                ResponseStream.write(Array(text.utf8), to: [stream])
                stream.finish()
            }
        }
    }

    @Test(arguments: ["/json", "/deferred"])
    func `compresses a large text for a client that takes gzip`(path: String) throws {
        let client = try server.connect()
        let plain = try client.get(path)
        #expect(plain.body == Self.text)
        #expect(plain.fields["Content-Encoding"] == nil)
        #expect(plain.fields["ETag"] == "\"3\"")
        #expect(plain.fields["Vary"] == "Accept-Encoding")
        let coded = try client.get(path, fields: Self.gzip)
        #expect(coded.fields["Content-Encoding"] == "gzip")
        #expect(coded.fields["ETag"] == "\"3-gzip\"")
        #expect(coded.fields["Vary"] == "Accept-Encoding")
        #expect(gunzip(client.body) == Array(Self.text.utf8))
        #expect(client.body.count < Self.text.utf8.count / 4)
    }

    @Test(arguments: ["/small", "/weights", "/inline"])
    func `sends as it is what is small, no text, or made on the event loop`(path: String) throws {
        let answer = try server.connect().get(path, fields: Self.gzip)
        #expect(answer.fields["Content-Encoding"] == nil)
        #expect(answer.fields["ETag"] == "\"3\"")
    }

    @Test func `leaves a coding alone that the handler chose, and tags it`() throws {
        let answer = try server.connect().get("/coded", fields: Self.gzip)
        #expect(answer.fields["Content-Encoding"] == "br")
        #expect(answer.body == Self.text)
    }

    @Test(arguments: ["If-None-Match", "If-Match"])
    func `shows handlers their own tags, and clients those of what they have`(
        name: String
    ) throws {
        let client = try server.connect()
        let fields = "\(name): \"2\", W/\"3-gzip\"\r\n\(name): \"4-gzip\"\r\n"
        let coded = try client.get("/json", fields: Self.gzip + fields)
        #expect(coded.status == 304)
        #expect(coded.fields["X-Seen"] == "\"2\", W/\"3\", \"4\"")
        #expect(coded.fields["ETag"] == "\"3-gzip\"")
        let plain = try client.get("/json", fields: "\(name): \"3\"\r\n")
        #expect(plain.fields["X-Seen"] == "\"3\"")
        #expect(plain.fields["ETag"] == "\"3\"")
    }

    @Test func `answers HEAD with the fields of the compressed GET`() throws {
        let client = try server.connect()
        var expected = try client.get("/json", fields: Self.gzip).fields
        client.send("HEAD /json HTTP/1.1\r\nHost: h\r\n\(Self.gzip)\r\n")
        var fields = try client.answer(toHead: true).fields
        for name in ["Date", "Server-Timing", "X-Request-Id"] {
            (fields[name], expected[name]) = (nil, nil)
        }
        #expect(Array(fields) == Array(expected))
    }

    @Test func `compresses the rows of a stream, but no events`() throws {
        let client = try server.connect()
        let rows = try client.get("/rows", fields: Self.gzip)
        #expect(rows.fields["Content-Encoding"] == "gzip")
        #expect(rows.fields["ETag"] == "\"3-gzip\"")
        #expect(rows.isChunked)
        #expect(gunzip(client.body) == Array("first\n\(Self.text)".utf8))
        let events = try client.get("/events", fields: Self.gzip)
        #expect(events.fields["Content-Encoding"] == nil)
        #expect(events.body == "first\n\(Self.text)")
    }

    @Test(arguments: ["/part", "/parts"])
    func `sends parts plain, since their ranges count plain bytes`(path: String) throws {
        let part = try server.connect().get(path, fields: Self.gzip)
        #expect(part.status == 206)
        #expect(part.body == "first\n")
        #expect(part.fields["Content-Encoding"] == nil)
        #expect(part.fields["Content-Length"] == "6")
        #expect(part.fields["ETag"] == "\"3\"")
        #expect(part.fields["Vary"] == "Accept-Encoding")
    }

    @Test func `compresses a stream whose plain length is known, which then counts no more`() throws
    {
        let client = try server.connect()
        let coded = try client.get("/sized", fields: Self.gzip)
        #expect(coded.isChunked)
        #expect(coded.fields["Content-Length"] == nil)
        #expect(gunzip(client.body) == Array("first\n".utf8))
        #expect(try client.get("/sized").fields["Content-Length"] == "6")
    }

    @Test func `compresses nothing where the limit is 0`() throws {
        let server = try TestServer({ $0.limits.compressedBytes = 0 }, routes: Self.routes)
        for path in ["/json", "/rows"] {
            let answer = try server.connect().get(path, fields: Self.gzip)
            #expect(answer.fields["Content-Encoding"] == nil)
            #expect(answer.fields["Vary"] == nil)
        }
    }
}
