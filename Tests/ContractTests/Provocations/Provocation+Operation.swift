import TestSupport
import Testing

extension Provocation {
    static let operation = [
        Provocation("scrapeMetrics", 200, "Prometheus", mediaType: "text/plain") {
            try await $0.training.client.get("/metrics")
        },
        Provocation(
            "scrapeMetrics",
            200,
            "OpenMetrics",
            mediaType: "application/openmetrics-text"
        ) {
            let accept: KeyValuePairs = ["Accept": "application/openmetrics-text; version=1.0.0"]
            return try await $0.training.client.get("/metrics", fields: accept)
        },
        Provocation("readLiveness", 200, "a server that runs", mediaType: "text/plain") {
            try await $0.training.client.get("/livez")
        },
        Provocation("readReadiness", 200, "a server that runs", mediaType: "text/plain") {
            try await $0.training.client.get("/readyz")
        },
        Provocation("readReadiness", 503, "a store that cannot be written") {
            // The write that fails is what the server must know of, not how it learns of it.
            _ = try await $0.failing.client.post("/v1/jobs", json: Sample.small)
            return try await $0.failing.client.get("/readyz")
        },
        Provocation("readContract", 200, "the document", mediaType: "application/yaml") {
            try await $0.training.client.get("/openapi.yaml")
        },
        unchanged("readContract") { ($0.training.client, "/openapi.yaml") },
        Provocation("readSession", 200, "a server without tokens") {
            let reply = try await $0.training.client.get("/v1/session")
            #expect(try reply.json()["name"] == .null)
            return reply
        },
        Provocation("readSession", 200, "a token") { stage in
            let reply = try await stage.guarded.get("/v1/session", as: "reader")
            #expect(try reply.json() == ["name": "reader", "scopes": ["read"]])
            return reply
        },
        Provocation("openSession", 204, "a token", fields: ["Set-Cookie"]) { stage in
            let reply = try await stage.guarded.send("POST", "/v1/session", as: "reader")
            let cookie = try #require(reply.field("Set-Cookie")).prefix { $0 != ";" }
            let client = stage.guarded.server.client
            let fields: KeyValuePairs = ["Cookie": String(cookie)]
            #expect(try await client.get("/v1/jobs", fields: fields).status == 200)
            return reply
        },
        Provocation("closeSession", 204, "a token") {
            try await $0.guarded.send("DELETE", "/v1/session", as: "reader")
        },
    ]

    static let beforeRouting: [Provocation] = [
        refusal(400, "half a percent sign") { HTTPRequest("GET", "/livez?a=%4") },
        refusal(400, "a space before a colon") {
            HTTPRequest("GET", "/livez", fields: ["X-Note ": "1"])
        },
        Provocation(Contract.beforeRouting, 401, "no token") {
            try await $0.guarded.server.client.get("/v1/jobs")
        },
        Provocation(Contract.beforeRouting, 401, "a token that nobody gave") {
            let fields: KeyValuePairs = ["Authorization": "Bearer lehr_guessed"]
            return try await $0.guarded.server.client.get("/metrics", fields: fields)
        },
        Provocation(Contract.beforeRouting, 403, "a token without the scope") {
            try await $0.guarded.send("POST", "/v1/jobs", as: "reader")
        },
        Provocation(Contract.beforeRouting, 429, "a token that is used too fast") { stage in
            var reply = try await stage.guarded.get("/v1/jobs", as: "slow")
            // Two seconds' worth pass, and this machine cannot be so slow that twenty do.
            for _ in 0..<20 where reply.status != 429 {
                reply = try await stage.guarded.get("/v1/jobs", as: "slow")
            }
            return reply
        },
        refusal(404, "no such path") { HTTPRequest("GET", "/v1/nothing") },
        refusal(405, "a method that the path does not take") { HTTPRequest("DELETE", "/livez") },
        Provocation(Contract.beforeRouting, 408, "a request that does not come") {
            try await $0.unfinished.value
        },
        refusal(414, "a target without end") {
            HTTPRequest("GET", "/" + String(repeating: "a", count: 100_000))
        },
        refusal(417, "an expectation that nobody meets") {
            HTTPRequest("GET", "/livez", fields: ["Expect": "a-miracle"])
        },
        refusal(421, "a foreign host") {
            HTTPRequest("GET", "/livez", fields: ["Host": "lehr.example"])
        },
        refusal(431, "fields without end") {
            HTTPRequest("GET", "/livez", fields: ["X-Note": String(repeating: "a", count: 100_000)])
        },
        refusal(501, "a method that nobody knows") { HTTPRequest("BREW", "/livez") },
        Provocation(Contract.beforeRouting, 505, "a version of the future") {
            let request = "GET /livez HTTP/2.0\r\nHost: 127.0.0.1\r\n\r\n"
            return try await $0.training.client.exchange(Array(request.utf8))
        },
    ]

    private static func refusal(
        _ status: Int,
        _ title: String,
        _ request: @escaping @Sendable () -> HTTPRequest
    ) -> Provocation {
        Provocation(Contract.beforeRouting, status, title) {
            try await $0.training.client.send(request())
        }
    }
}
