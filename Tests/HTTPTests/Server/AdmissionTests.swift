import Glibc
import HTTP
import Testing

@Suite struct AdmissionTests {
    private static func routes(_ router: inout Router) {
        router.inline(.get, "/a") { _ in Response(status: .ok) }
    }

    @Test func `closes the connection that was idle longest for a new one`() throws {
        let server = try TestServer({ $0.limits.connections = 2 }, routes: Self.routes)
        let clients = try (0..<2).map { _ in try server.connect() }
        for client in clients { #expect(try client.get("/a").status == 200) }
        #expect(try clients[0].get("/a").status == 200)
        let third = try server.connect()
        #expect(try third.get("/a").status == 200)
        #expect(clients[1].remainder() == "")
        #expect(try clients[0].get("/a").status == 200)
        #expect(server.server.statistics.openConnections == 2)
    }

    @Test func `closes one that has asked for nothing before one that is at work`() throws {
        let server = try TestServer({ $0.limits.connections = 2 }, routes: Self.routes)
        let worker = try server.connect()
        #expect(try worker.get("/a").status == 200)
        let silent = try server.connect()
        #expect(waits { server.server.statistics.openConnections == 2 })
        let third = try server.connect()
        #expect(try third.get("/a").status == 200)
        #expect(silent.remainder() == "")
        #expect(try worker.get("/a").status == 200)
    }

    @Test func `answers 503 to a new connection when none is idle`() throws {
        let entered = Box<Reply>()
        let server = try TestServer({ $0.limits.connections = 1 }) { router in
            router.deferred(.get, "/held") { _, reply in entered.put(reply) }
        }
        let first = try server.connect()
        first.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
        let reply = try #require(entered.take())
        let second = try server.connect()
        let answer = try second.answer()
        #expect(answer.status == 503)
        #expect(answer.fields["Retry-After"] == "1")
        reply.send(Response(status: .ok))
        #expect(try first.answer().status == 200)
    }

    @Test func `takes a limited number of connections from one address`() throws {
        let server = try TestServer(
            {
                $0.limits.connectionsPerAddress = 1
                $0.limits.countsLoopback = true
            },
            routes: Self.routes
        )
        let first = try server.connect()
        #expect(try first.get("/a").status == 200)
        let second = try server.connect()
        #expect(try second.answer().status == 503)
        first.disconnect()
        #expect(waits { server.server.statistics.openConnections == 0 })
        #expect(try server.connect().get("/a").status == 200)
    }

    @Test func `does not count connections of this machine by default`() throws {
        let server = try TestServer({ $0.limits.connectionsPerAddress = 1 }, routes: Self.routes)
        let clients = try (0..<3).map { _ in try server.connect() }
        for client in clients { #expect(try client.get("/a").status == 200) }
    }

    @Test func `answers 503 when the bodies in memory are too many together`() throws {
        let replies = Box<Reply>()
        let server = try TestServer({ $0.limits.bufferedBodyBytes = 10 }) { router in
            router.deferred(.post, "/held") { _, reply in replies.put(reply) }
            router.pooled(.post, "/a") { _ in Response(status: .ok) }
        }
        let first = try server.connect()
        first.send("POST /held HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\n12345678")
        let reply = try #require(replies.take())
        let second = try server.connect()
        second.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n123")
        #expect(try second.answer().status == 503)
        reply.send(Response(status: .ok))
        #expect(try first.answer().status == 200)
        first.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n123")
        #expect(try first.answer().status == 200)
        #expect(server.server.statistics.bufferedBodyBytes == 0)
    }

    @Test func `closes an idle connection when the process has no descriptor left`() async {
        // In a process of its own, whose descriptors can be used up.
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 128, rlim_max: 128)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let server = try TestServer { router in
                router.inline(.get, "/a") { _ in Response(status: .ok) }
            }
            let idle = try server.connect()
            #expect(try idle.get("/a").status == 200)
            let client = TestClient()
            while dup(0) >= 0 {}
            try client.connect(port: server.port)
            #expect(try client.get("/a").status == 200)
            #expect(idle.remainder() == "")
            #expect(server.log.failures.map(\.operation) == ["accept"])
        }
    }
}
