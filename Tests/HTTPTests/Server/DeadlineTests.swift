import Glibc
import HTTP
import Testing

/// Every deadline is made short, and the server's own act is waited for.
@Suite struct DeadlineTests {
    private func server(
        _ configure: @escaping (inout HTTPServerDeadlines) -> Void
    ) throws -> TestServer {
        try TestServer({ configure(&$0.deadlines) }) { router in
            router.inline(.get, "/a") { _ in Response(status: .ok) }
            router.pooled(.post, "/a") { _ in Response(status: .ok) }
            let large = [UInt8](repeating: 0x61, count: 32 << 20)
            router.inline(.get, "/large") { _ in Response(status: .ok, body: large) }
        }
    }

    /// A client that has the head of the answer to its request.
    ///
    /// A machine that is busy may take longer from its connection to its request than a connection may wait.
    private func asking(
        _ path: String,
        of server: TestServer,
        receiveBuffer: Int32? = nil
    ) throws -> TestClient {
        for _ in 0..<1_000 {
            let client = try server.connect(receiveBuffer: receiveBuffer)
            client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
            // A connection that was closed has no answer.
            if let head = try? client.head(), head.status == 200 { return client }
        }
        return try #require(nil, "no request for \(path) was in time")
    }

    @Test(arguments: ["G", "GET /a HTTP/1.1\r\n", "GET /a HTTP/1.1\r\nHost: h\r\n"])
    func `answers 408 to a head that does not end`(start: String) throws {
        let server = try server { $0.head = .milliseconds(40) }
        let client = try server.connect()
        client.send(start)
        #expect(try client.answer().status == 408)
        #expect(client.remainder() == "")
    }

    @Test func `answers 408 also while another client leaves the shard no pause`() throws {
        let server = try server { $0.head = .milliseconds(40) }
        let busy = try server.connect()
        let (begun, answered, finished) = (Box<Bool>(), Box<Bool>(), Box<Bool>())
        // More is always there to be read than a stall of this client takes to be worked off.
        let requests = String(repeating: "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", count: 2_000)
        onThread { [sender = busy.sender] in
            while answered.current == nil, sender(requests) {}
            finished.put(true)
        }
        onThread { [discarder = busy.discarder] in
            while discarder() { begun.put(true) }
        }
        #expect(begun.take() == true)
        let client = try server.connect()
        client.send("G")
        let answer = try? client.answer()
        answered.put(true)
        #expect(answer?.status == 408)
        #expect(finished.take() == true)
        busy.disconnect()
    }

    @Test func `counts a head's time from its first byte, not from its last`() throws {
        let server = try server { $0.head = .milliseconds(100) }
        let client = try server.connect()
        client.send("GET /a HTTP/1.1\r\nX: ")
        // Each byte alone is in time, and the fields have room for an hour of them.
        let answered = Box<Bool>()
        let finished = Box<Bool>()
        let sender = client.sender
        onThread {
            while answered.current == nil, sender("y") { usleep(5_000) }
            finished.put(true)
        }
        #expect(try client.answer().status == 408)
        answered.put(true)
        #expect(finished.take() == true)
    }

    @Test(arguments: [
        "Content-Length: 5\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
    ])
    func `answers 408 to a body that does not end`(rest: String) throws {
        let server = try server { $0.body = .milliseconds(40) }
        let client = try server.connect()
        client.send("POST /a HTTP/1.1\r\nHost: h\r\n\(rest)")
        #expect(try client.answer().status == 408)
    }

    @Test func `answers 408 to a body that comes below the least rate, however steadily`() throws {
        let server = try server {
            $0.body = .milliseconds(60)
            $0.minimumBodyRate = 10_000
        }
        let client = try server.connect()
        client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
        // A byte each 5 ms buys 0.1 ms each: at this pace the body would take minutes.
        let answered = Box<Bool>()
        let finished = Box<Bool>()
        let sender = client.sender
        onThread {
            while answered.current == nil, sender("y") { usleep(5_000) }
            finished.put(true)
        }
        #expect(try client.answer().status == 408)
        answered.put(true)
        #expect(finished.take() == true)
    }

    @Test(arguments: [nil, "/a"])
    func `closes a connection that waits too long for a request`(before path: String?) throws {
        let server = try server { $0.idle = .milliseconds(40) }
        let client = try path.map { try asking($0, of: server) } ?? server.connect()
        #expect(client.endsInOrder())
    }

    @Test func `does not count a long download as waiting`() throws {
        let server = try server { $0.idle = .milliseconds(40) }
        let client = try asking("/large", of: server, receiveBuffer: 4_096)
        // A later connection on the same shard is closed: the time has passed for both.
        #expect(try server.connect().endsInOrder())
        #expect(client.remainder().utf8.count == 32 << 20)
    }

    @Test func `closes the connection of a client that does not read`() throws {
        let server = try server { $0.write = .milliseconds(40) }
        let client = try server.connect(receiveBuffer: 4_096)
        client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(waits { !server.log.records.isEmpty })
        #expect(waits { server.server.statistics.openConnections == 0 })
        #expect(client.remainder().utf8.count < 32 << 20)
        #expect(server.log.records.map(\.target) == ["/large"])
    }

    @Test func `closes a connection whose client stays after the last answer`() throws {
        let server = try server { $0.lingering = .milliseconds(40) }
        let client = try server.connect()
        #expect(try client.get("/a", fields: "Connection: close\r\n").status == 200)
        #expect(waits { server.server.statistics.openConnections == 0 })
    }
}
