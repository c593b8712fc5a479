import HTTP
import Testing

@Suite struct RequestGateTests {
    /// Lets those pass that name themselves.
    private struct NameGate: RequestGate {
        func admit(_ request: Request, to template: String) -> GateVerdict {
            guard template != "/open", request.fields["X-Name"] == nil else {
                return .pass(client: request.fields["X-Name"])
            }
            return .refuse(401, "say who you are", ["WWW-Authenticate": "Name"])
        }
    }

    private let server: TestServer

    init() throws {
        server = try TestServer({ $0.gate = NameGate() }) { router in
            router.inline(.get, "/open") { _ in Response(status: .ok) }
            router.pooled(.post, "/a") { request in
                Response(status: .ok, body: Array((request.client ?? "nobody").utf8))
            }
            router.inline(.get, "/a") { _ in Response(status: .ok) }
        }
    }

    @Test func `tells the handler and the log who sent a request`() throws {
        let client = try server.connect()
        client.send("POST /a HTTP/1.1\r\nHost: h\r\nX-Name: ann\r\nContent-Length: 1\r\n\r\nx")
        #expect(try client.answer().body == "ann")
        #expect(waits { server.log.records.map(\.client) == ["ann"] })
    }

    @Test func `refuses without ending the connection where there is no body`() throws {
        let client = try server.connect()
        let answer = try client.get("/a")
        #expect(answer.status == 401)
        #expect(answer.fields["WWW-Authenticate"] == "Name")
        #expect(try client.get("/open").status == 200)
    }

    @Test func `refuses before the body is read or invited`() throws {
        let client = try server.connect()
        client.send(
            "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
        )
        let answer = try client.head()
        #expect(answer.status == 401)
        #expect(answer.fields["Connection"] == "close")
    }
}
