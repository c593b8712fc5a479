import HTTP
import Testing

@Suite struct ReplyTests {
    @Test func `answers later, from another thread`() throws {
        let replies = Box<Reply>()
        let server = try TestServer { router in
            router.deferred(.get, "/later") { _, reply in replies.put(reply) }
        }
        let client = try server.connect()
        client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        let reply = try #require(replies.take())
        #expect(reply.isOpen)
        #expect(reply.send(Response(status: .accepted)))
        #expect(!reply.isOpen)
        #expect(!reply.send(Response(status: .ok)))
        #expect(try client.answer().status == 202)
    }

    @Test func `answers 500 for a handler that lets its reply go`() throws {
        let server = try TestServer { router in
            router.deferred(.get, "/never") { _, _ in }
            router.streaming(.get, "/stream") { _, _ in }
        }
        let client = try server.connect()
        #expect(try client.get("/never").status == 500)
        #expect(try client.get("/stream").status == 500)
        #expect(server.log.failures.count == 2)
    }

    @Test(arguments: [true, false])
    func `tells the handler that its client left`(byReset: Bool) throws {
        let replies = Box<Reply>()
        let left = Box<Bool>()
        let server = try TestServer { router in
            router.deferred(.get, "/later") { _, reply in
                reply.onClose { left.put(true) }
                replies.put(reply)
            }
        }
        let client = try server.connect()
        client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        let reply = try #require(replies.take())
        if byReset { client.reset() } else { client.disconnect() }
        #expect(left.take() == true)
        #expect(!reply.isOpen)
        // Too late to be told later: the callback comes at once.
        let again = Box<Bool>()
        reply.onClose { again.put(true) }
        #expect(again.take() == true)
    }

    @Test func `still answers a client that only closed its sending side`() throws {
        let server = try TestServer { router in
            router.deferred(.get, "/later") { _, reply in
                reply.onClose { reply.send(Response(status: .noContent)) }
            }
        }
        let client = try server.connect()
        client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        client.finishSending()
        #expect(try client.answer().status == 204)
    }

    @Test func `never gives an answer to the connection that took the place`() throws {
        let replies = Box<Reply>()
        let left = Box<Bool>()
        let server = try TestServer { router in
            router.deferred(.get, "/later") { _, reply in
                reply.onClose { left.put(true) }
                replies.put(reply)
            }
            router.deferred(.get, "/other") { _, reply in
                replies.take()?.send(Response(status: .ok, body: Array("first".utf8)))
                reply.send(Response(status: .ok, body: Array("second".utf8)))
            }
        }
        let first = try server.connect()
        first.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = replies.take()
        first.reset()
        #expect(left.take() == true)
        let second = try server.connect()
        #expect(try second.get("/other").body == "second")
        #expect(try second.get("/other").body == "second")
    }

    @Test func `leaves what a client sends meanwhile until the answer`() throws {
        let replies = Box<Reply>()
        let server = try TestServer { router in
            router.deferred(.get, "/later") { _, reply in replies.put(reply) }
            router.inline(.get, "/next") { _ in Response(status: 299) }
        }
        let client = try server.connect()
        client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        let reply = try #require(replies.take())
        client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
        let other = try server.connect()
        #expect(try other.get("/next").status == 299)
        #expect(server.log.records.count == 1)
        reply.send(Response(status: .ok))
        #expect(try client.answer().status == 200)
        #expect(try client.answer().status == 299)
    }
}
