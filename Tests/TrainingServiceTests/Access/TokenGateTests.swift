import HTTP
import Synchronization
import Testing

@testable import TrainingService

@Suite struct TokenGateTests {
    private static let tokens = Scope.allCases.map { scope in
        AccessToken("secret-\(scope.rawValue)", name: scope.rawValue, scopes: [scope])
    }

    private let gate = TokenGate(
        tokens: Self.tokens,
        own: [AccessToken("own", name: "local workers", scopes: [.worker])],
        requestsPerSecond: 1_000
    )

    private func request(_ method: Method, _ fields: Fields) -> Request {
        Request(method: method, path: [], fields: fields, authority: "lehr.example:8443")
    }

    private func status(
        _ method: Method,
        _ template: String,
        _ fields: Fields
    ) -> Int {
        switch gate.admit(request(method, fields), to: template) {
        case .pass: 200
        case .refuse(let status, _, _): status.code
        }
    }

    @Test(arguments: [
        (Method.get, "/v1/jobs", ["read", "write", "admin"]),
        (.head, "/v1/jobs/{id}", ["read", "write", "admin"]),
        (.post, "/v1/jobs", ["write", "admin"]), (.delete, "/v1/jobs/{id}", ["write", "admin"]),
        (.post, "/v1/jobs/{id}/cancel", ["write", "admin"]),
        (.put, "/v1/datasets/{name}", ["write", "admin"]),
        (.post, "/v1/schedules/preview", ["read", "write", "admin"]),
        (.post, "/v1/leases", ["worker", "write", "admin"]),
        (.post, "/v1/leases/{id}/report", ["worker", "write", "admin"]),
        (.put, "/v1/leases/{id}/checkpoints/{step}", ["worker", "write", "admin"]),
        (.get, "/v1/leases/{id}/checkpoints/{step}", ["worker", "write", "admin"]),
        (.put, "/v1/leases/{id}/artifacts/{name}", ["worker", "write", "admin"]),
        (.get, "/v1/jobs/{id}/checkpoints/{step}", ["read", "write", "admin"]),
        (.get, "/v1/jobs/{id}/artifacts/{name}", ["read", "write", "admin"]),
        (.put, "/v1/schedules/{name}", ["write", "admin"]),
        (.delete, "/v1/schedules/{name}", ["write", "admin"]),
        (.get, "/v1/datasets/{name}", ["read", "write", "worker", "admin"]),
        (.get, "/v1/datasets/{name}/content", ["read", "write", "worker", "admin"]),
        (.get, "/metrics", ["read", "write", "admin"]),
        (.get, "/livez", ["read", "write", "worker", "admin"]),
    ])
    func `lets the scopes pass that a route needs, and no others`(
        method: Method,
        template: String,
        passing: [String]
    ) {
        for scope in Scope.allCases {
            let fields: Fields = ["Authorization": "Bearer secret-\(scope.rawValue)"]
            let expected = passing.contains(scope.rawValue) ? 200 : 403
            #expect(status(method, template, fields) == expected, "\(scope)")
        }
    }

    @Test func `wants a token for all but the two health routes`() {
        #expect(status(.get, "/v1/jobs", [:]) == 401)
        #expect(status(.get, "/openapi.yaml", [:]) == 401)
        #expect(status(.get, "/livez", [:]) == 200)
        #expect(status(.get, "/readyz", ["Authorization": "Bearer wrong"]) == 200)
    }

    @Test(arguments: [
        "Bearer", "Bearer ", "Bearer wrong", "Basic secret-admin", "secret-admin",
        "Bearer secret-admin2", "Bearer secret-admi", "Bearer SECRET-ADMIN",
    ])
    func `refuses what is no token of this server`(value: String) {
        let verdict = gate.admit(request(.get, ["Authorization": value]), to: "/v1/jobs")
        guard case .refuse(let status, _, let fields) = verdict else {
            Issue.record("it passed")
            return
        }
        #expect(status == .unauthorized)
        #expect(fields["WWW-Authenticate"]?.hasPrefix("Bearer realm=\"lehr\"") == true)
    }

    @Test func `takes the scheme without regard to case, and one field alone`() {
        #expect(status(.get, "/v1/jobs", ["Authorization": "bearer  secret-read"]) == 200)
        let two: Fields = [
            "Authorization": "Bearer secret-read", "authorization": "Bearer secret-read",
        ]
        #expect(status(.get, "/v1/jobs", two) == 401)
    }

    @Test func `names the scope that is missing`() {
        let fields: Fields = ["Authorization": "Bearer secret-read"]
        guard
            case .refuse(let status, let detail, let answer) = gate.admit(
                request(.post, fields),
                to: "/v1/jobs"
            )
        else {
            Issue.record("it passed")
            return
        }
        #expect(status == .forbidden)
        #expect(detail.contains("the scope write"))
        #expect(answer["WWW-Authenticate"]?.contains("scope=\"write\"") == true)
    }

    @Test func `knows the tokens of the newest file, and always its own`() {
        gate.replace([AccessToken("fresh", name: "ann", scopes: [.read])])
        #expect(status(.get, "/v1/jobs", ["Authorization": "Bearer secret-read"]) == 401)
        #expect(status(.get, "/v1/jobs", ["Authorization": "Bearer fresh"]) == 200)
        #expect(status(.post, "/v1/leases", ["Authorization": "Bearer own"]) == 200)
        #expect(gate.scopes(of: "ann") == [.read])
        #expect(gate.scopes(of: "read").isEmpty)
    }

    @Test(
        arguments: [
            (.get, "http://evil.example", 200), (.post, "http://evil.example", 403),
            (.post, "https://lehr.example:8443", 200), (.post, "null", 403), (.post, nil, 200),
        ] as [(Method, String?, Int)]
    )
    func `lets a page act with its cookie only on its own server`(
        method: Method,
        origin: String?,
        expected: Int
    ) {
        var fields: Fields = ["Cookie": "a=b; lehr_token=secret-write"]
        if let origin { fields.append("Origin", origin) }
        #expect(status(method, "/v1/jobs", fields) == expected)
    }

    @Test func `asks a client that sends too much to wait, and never a worker's report`() {
        let now = Mutex(ContinuousClock.now)
        let gate = TokenGate(
            tokens: [AccessToken("a", name: "a", scopes: [.admin])],
            own: [AccessToken("own", name: "local workers", scopes: [.worker])],
            requestsPerSecond: 2,
            now: { now.withLock { $0 } }
        )
        func verdict(_ template: String) -> GateVerdict {
            gate.admit(request(.get, ["Authorization": "Bearer a"]), to: template)
        }
        for _ in 0..<4 {
            guard case .pass(let client) = verdict("/v1/jobs") else {
                Issue.record("it was refused")
                return
            }
            #expect(client == "a")
        }
        guard case .refuse(let status, _, let fields) = verdict("/v1/jobs") else {
            Issue.record("it passed")
            return
        }
        #expect(status == .tooManyRequests)
        #expect(fields["Retry-After"] == "1")
        if case .refuse = verdict("/v1/leases") { Issue.record("a worker was refused") }
        let own = request(.get, ["Authorization": "Bearer own"])
        for _ in 0..<20 {
            if case .refuse = gate.admit(own, to: "/v1/datasets/{name}") {
                Issue.record("the server's own worker was refused")
            }
        }
        now.withLock { $0 += .seconds(1) }
        if case .refuse = verdict("/v1/jobs") { Issue.record("it was refused after its wait") }
    }
}
