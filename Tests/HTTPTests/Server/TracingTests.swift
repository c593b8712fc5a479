import HTTP
import Testing

@Suite struct TracingTests {
    private static let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private let server: TestServer

    init() throws {
        server = try TestServer { router in
            router.inline(.get, "/a") { _ in Response(status: .ok) }
        }
    }

    @Test func `gives a client its trace back, and says how long the answer took`() throws {
        let answer = try server.connect().get("/a", fields: "traceparent: \(Self.valid)\r\n")
        #expect(answer.fields["traceparent"] == Self.valid)
        let timing = try #require(answer.fields["Server-Timing"])
        #expect(timing.wholeMatch(of: /total;dur=\d+\.\d{3}/) != nil, "\(timing)")
        #expect(answer.fields["X-Request-Id"]?.isEmpty == false)
    }

    @Test(arguments: [
        "", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
    ])
    func `passes over a trace that cannot be read`(value: String) throws {
        let answer = try server.connect().get("/a", fields: "traceparent: \(value)\r\n")
        #expect(answer.status == 200)
        #expect(answer.fields["traceparent"] == nil)
    }
}
