import Testing

@testable import HTTP

@Suite struct RouterTests {
    private var router: Router {
        var router = Router()
        router.inline(.get, "/") { _ in Response(status: .ok) }
        router.inline(.get, "/v1/schedules/types") { _ in Response(status: .ok) }
        router.pooled(.get, "/v1/schedules/{name}/versions") { _ in Response(status: .ok) }
        router.pooled(.put, "/v1/schedules/{name}", bodyLimit: 10) { _ in Response(status: .ok) }
        return router
    }

    private func template(_ method: HTTP.Method, _ path: [String]) -> String? {
        guard case .found(let match) = router.match(method, path) else { return nil }
        return match.route.template.text
    }

    @Test func `prefers a literal segment to a name`() {
        #expect(template(.get, ["v1", "schedules", "types"]) == "/v1/schedules/types")
        #expect(template(.put, ["v1", "schedules", "slow"]) == "/v1/schedules/{name}")
    }

    @Test func `takes a name where the literal leads nowhere`() {
        let path = ["v1", "schedules", "types", "versions"]
        #expect(template(.get, path) == "/v1/schedules/{name}/versions")
    }

    @Test func `hands over what stood at the names`() {
        guard case .found(let match) = router.match(.put, ["v1", "schedules", "a/b"]) else {
            Issue.record("no route")
            return
        }
        #expect(match.parameters == ["name": "a/b"])
        #expect(match.route.bodyLimit == 10)
    }

    @Test(arguments: [["v1"], ["v1", "schedules", ""], ["v1", "schedules", "a", ""], ["V1"]])
    func `finds nothing at a path that is not registered`(path: [String]) {
        guard case .notFound = router.match(.put, path) else {
            Issue.record("\(path) has a route")
            return
        }
    }

    @Test func `answers HEAD from the route of GET`() {
        #expect(template(.head, []) == "/")
    }

    @Test func `names the methods of a path that takes others`() {
        guard case .otherMethods(let methods) = router.match(.delete, []) else {
            Issue.record("DELETE / has an answer")
            return
        }
        #expect(methods == [.get, .head, .options])
    }

    @Test func `lists its routes in the order of registration`() {
        #expect(
            router.routes.map { "\($0.method) \($0.template)" } == [
                "GET /", "GET /v1/schedules/types", "GET /v1/schedules/{name}/versions",
                "PUT /v1/schedules/{name}",
            ]
        )
    }
}
