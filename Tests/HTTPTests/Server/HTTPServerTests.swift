import Glibc
import HTTP
import Testing

@Suite struct HTTPServerTests {
    private static func router() -> Router {
        var router = Router()
        router.inline(.get, "/a") { _ in Response(status: .ok) }
        return router
    }

    @Test func `says that a port is in use`() throws {
        let first = try TestServer { _ in }
        var configuration = HTTPServerConfiguration()
        configuration.address.port = first.port
        let second = HTTPServer(configuration: configuration, router: Self.router())
        #expect(throws: HTTPServerError.addressInUse(configuration.address)) {
            try second.start()
        }
    }

    @Test func `says that a host is not of this machine`() {
        var configuration = HTTPServerConfiguration()
        configuration.address.host = "192.0.2.1"
        let server = HTTPServer(configuration: configuration, router: Self.router())
        let error = #expect(throws: HTTPServerError.self) { try server.start() }
        guard case .addressUnavailable(configuration.address, _) = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
    }

    @Test func `refuses a configuration that cannot work and names the value`() {
        var configuration = HTTPServerConfiguration()
        configuration.poolThreads = 0
        let server = HTTPServer(configuration: configuration, router: Self.router())
        #expect(
            throws: HTTPServerError.invalidConfiguration("poolThreads must be at least 1, got 0")
        ) { try server.start() }
    }

    @Test func `starts once`() throws {
        let server = try TestServer { _ in }
        #expect(throws: HTTPServerError.alreadyStarted) { try server.server.start() }
    }

    @Test func `lets the service write the answers to faults`() throws {
        let server = HTTPServer(
            router: Self.router(),
            errorResponse: { fault in
                Response(
                    status: fault.status,
                    fields: ["Content-Type": "application/problem+json"],
                    body: Array("\(fault.requestID): \(fault.detail)".utf8)
                )
            }
        )
        let client = try TestClient(port: server.start())
        client.send("PUT /a HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n")
        let notAllowed = try client.answer()
        #expect(notAllowed.fields["Content-Type"] == "application/problem+json")
        #expect(notAllowed.fields["Allow"] == "GET, HEAD, OPTIONS")
        #expect(
            notAllowed.body == "\(notAllowed.fields["X-Request-Id"] ?? ""): PUT is not allowed here"
        )
        let malformed = try client.answer()
        #expect(malformed.status == 400)
        #expect(malformed.fields["Content-Type"] == "application/problem+json")
        server.stop(within: .zero)
    }

    @Test func `listens on IPv6`() throws {
        var configuration = HTTPServerConfiguration()
        configuration.address.host = "::1"
        let server = HTTPServer(configuration: configuration, router: Self.router())
        #expect(try server.start() > 0)
        server.stop(within: .zero)
    }

    @Test func `lets a running request be answered when it stops`() throws {
        let entered = Box<Bool>()
        let release = Box<Bool>()
        let server = try TestServer({ $0.address.host = "127.0.0.77" }) { router in
            router.pooled(.get, "/slow") { _ in
                entered.put(true)
                _ = release.take()
                return Response(status: .ok)
            }
            router.inline(.get, "/a") { _ in Response(status: .ok) }
        }
        // An address of its own: no other test can be given its port.
        let address: UInt32 = 0x7F00_004D
        let idle = try TestClient(port: server.port, address: address)
        #expect(try idle.get("/a").status == 200)
        let client = try TestClient(port: server.port, address: address)
        client.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(entered.take() == true)
        let stopped = Box<Bool>()
        let instance = server.server
        onThread {
            instance.stop(within: .seconds(20))
            stopped.put(true)
        }
        #expect(idle.remainder() == "")
        release.put(true)
        let answer = try client.answer()
        #expect(answer.status == 200)
        #expect(answer.fields["Connection"] == "close")
        client.disconnect()
        #expect(stopped.take() == true)
        #expect(throws: TestClient.Failure.self) {
            try TestClient(port: server.port, address: address)
        }
    }

    @Test func `closes what is not answered in time when it stops`() throws {
        let replies = Box<Reply>()
        let server = try TestServer { router in
            router.deferred(.get, "/later") { _, reply in replies.put(reply) }
        }
        let client = try server.connect()
        client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        let reply = try #require(replies.take())
        server.server.stop(within: .milliseconds(10))
        #expect(client.remainder() == "")
        #expect(!reply.isOpen)
        reply.send(Response(status: .ok))
        #expect(server.server.statistics.openConnections == 0)
    }

    @Test func `opens no descriptor that a child would inherit`() throws {
        let server = try TestServer { router in
            router.inline(.get, "/a") { _ in Response(status: .ok) }
        }
        let client = try server.connect()
        #expect(try client.get("/a").status == 200)
        var sockets = 0
        for descriptor in Int32(0)..<1_024 {
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getsockname(descriptor, $0, &length)
                }
            }
            guard result == 0, address.sin_port == server.port.bigEndian else { continue }
            sockets += 1
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
        // The listening one and the accepted one.
        #expect(sockets == 2)
    }
}
