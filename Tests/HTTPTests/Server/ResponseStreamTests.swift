import HTTP
import Synchronization
import Testing

@Suite struct ResponseStreamTests {
    /// A server whose `/stream` leaves its stream in a box once it has started.
    private func streamServer(
        _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws -> (TestServer, Box<ResponseStream>) {
        let streams = Box<ResponseStream>()
        let server = try TestServer(configure) { router in
            router.streaming(.get, "/stream") { _, stream in
                stream.start(status: .ok)
                streams.put(stream)
            }
            router.inline(.get, "/next") { _ in Response(status: 299) }
        }
        return (server, streams)
    }

    @Test func `sends each piece when it is written`() throws {
        let (server, streams) = try streamServer()
        let client = try server.connect()
        client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        let stream = try #require(streams.take())
        #expect(try client.head().fields["Transfer-Encoding"] == "chunked")
        for piece in ["a", "bc", String(repeating: "d", count: 100_000)] {
            #expect(stream.write(Array(piece.utf8)))
            #expect(try client.chunk() == piece)
        }
        stream.finish()
        #expect(!stream.isOpen)
        #expect(!stream.write([1]))
        #expect(try client.chunk() == "")
        #expect(try client.get("/next").status == 299)
    }

    /// A server whose `/sized` has five bytes by its head and sends `pieces`.
    private func sizedServer(_ pieces: [String]) throws -> TestServer {
        try TestServer { router in
            router.streaming(.get, "/sized") { _, stream in
                stream.start(status: .ok, length: 5)
                for piece in pieces { stream.write(Array(piece.utf8)) }
                stream.finish()
            }
            router.inline(.get, "/next") { _ in Response(status: 299) }
        }
    }

    @Test func `frames a stream by its length where that is known`() throws {
        let server = try sizedServer(["ab", "", "cde"])
        let client = try server.connect()
        let answer = try client.get("/sized")
        #expect((answer.body, answer.isChunked) == ("abcde", false))
        #expect(answer.fields["Content-Length"] == "5")
        client.send("HEAD /sized HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.answer(toHead: true).fields["Content-Length"] == "5")
        client.send("GET /sized HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let old = try client.answer()
        #expect((old.body, old.fields["Connection"]) == ("abcde", "keep-alive"))
        #expect(try client.get("/next").status == 299)
    }

    @Test(arguments: [["ab"], ["abc", "def"], []])
    func `breaks the connection of a stream of another length, and tells of it`(
        pieces: [String]
    ) throws {
        let server = try sizedServer(pieces)
        #expect(throws: TestClient.Failure.self) { try server.connect().get("/sized") }
        #expect(server.log.records.map(\.isAborted) == [true])
        #expect(server.log.failures.count == 1)
    }

    @Test func `holds a writer back until a slow client has read`() throws {
        let (server, streams) = try streamServer { $0.limits.streamCutoffBytes = 64 << 20 }
        let client = try server.connect(receiveBuffer: 4_096)
        client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        let stream = try #require(streams.take())
        let drained = Box<Bool>()
        stream.onDrain { drained.put(true) }
        let piece = [UInt8](repeating: 0x61, count: 64 * 1_024)
        var written = 1
        while stream.write(piece) { written += 1 }
        _ = try client.head()
        for _ in 0..<written { #expect(try client.chunk().utf8.count == piece.count) }
        #expect(drained.take() == true)
        #expect(stream.write(piece))
        #expect(try client.chunk().utf8.count == piece.count)
    }

    @Test func `sends one piece to many streams, and says which of them should wait`() throws {
        let streams = Mutex<[ResponseStream]>([])
        let server = try TestServer {
            $0.shards = 2
        } routes: { router in
            router.streaming(.get, "/stream") { _, stream in
                streams.withLock { $0.append(stream) }
                stream.start(status: .ok)
            }
        }
        let clients = try (0..<8).map { _ in try server.connect() }
        for client in clients {
            client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try client.head()
        }
        let open = streams.withLock(\.self)
        open[3].finish()
        open[5].setWelcome(bytes: 4)
        #expect(ResponseStream.write(Array("hello".utf8), to: open) == [3, 5])
        for (index, client) in clients.enumerated() {
            #expect(try client.chunk() == (index == 3 ? "" : "hello"))
        }
        for stream in open { stream.finish() }
    }

    @Test func `answers whole in place of a stream`() throws {
        let server = try TestServer { router in
            router.streaming(.get, "/absent") { _, stream in
                stream.send(Response(status: .notFound, body: Array("none".utf8)))
            }
        }
        let client = try server.connect()
        let answer = try client.get("/absent")
        #expect((answer.status, answer.fields["Content-Length"]) == (404, "4"))
    }

    @Test func `cuts a client off that does not read at all`() throws {
        let (server, streams) = try streamServer {
            $0.limits.streamBytes = 1_024
            $0.limits.streamCutoffBytes = 1 << 20
        }
        let client = try server.connect(receiveBuffer: 4_096)
        client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        let stream = try #require(streams.take())
        let piece = [UInt8](repeating: 0x61, count: 64 * 1_024)
        var written = 0
        while stream.isOpen {
            stream.write(piece)
            written += piece.count
        }
        // What the kernel took is beyond the limit.
        #expect(written < 32 << 20)
        #expect(!client.remainder().hasSuffix("0\r\n\r\n"))
    }

    @Test func `breaks the connection of a stream that is let go`() throws {
        let server = try TestServer { router in
            router.streaming(.get, "/broken") { _, stream in
                stream.start(status: .ok)
                stream.write(Array("part".utf8))
            }
        }
        let client = try server.connect()
        #expect(throws: TestClient.Failure.self) { try client.get("/broken") }
        #expect(server.log.records.map(\.isAborted) == [true])
    }

    @Test func `tells the writer that its client left`() throws {
        let (server, streams) = try streamServer()
        let client = try server.connect()
        client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        let stream = try #require(streams.take())
        let left = Box<Bool>()
        stream.onClose { left.put(true) }
        client.reset()
        #expect(left.take() == true)
        #expect(!stream.isOpen)
        #expect(!stream.write([1]))
    }

    @Test func `ends at once for HEAD`() throws {
        let (server, streams) = try streamServer()
        let client = try server.connect()
        client.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        let stream = try #require(streams.take())
        #expect(try client.answer(toHead: true).status == 200)
        let left = Box<Bool>()
        stream.onClose { left.put(true) }
        #expect(left.take() == true)
        #expect(try client.get("/next").status == 299)
    }

    @Test func `does not end the request behind it when it finishes late`() throws {
        let streams = Box<ResponseStream>()
        let replies = Box<Reply>()
        let server = try TestServer { router in
            router.streaming(.get, "/stream") { _, stream in
                stream.start(status: .ok)
                streams.put(stream)
            }
            router.deferred(.get, "/later") { _, reply in replies.put(reply) }
        }
        let client = try server.connect()
        client.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.answer(toHead: true).status == 200)
        client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        let reply = try #require(replies.take())
        try #require(streams.take()).finish()
        reply.send(Response(status: .accepted))
        #expect(try client.answer().status == 202)
    }
}
