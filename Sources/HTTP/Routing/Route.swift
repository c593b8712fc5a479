/// One method on one template, and who answers it.
struct Route: Sendable {
    enum Handler: Sendable {
        case inline(@Sendable (Request) -> Response)
        case pooled(PoolName, @Sendable (Request) -> Response)
        case remembered(PoolName, Remembering)
        case deferred(PoolName, @Sendable (Request, Reply) -> Void)
        case streaming(PoolName, @Sendable (Request, ResponseStream) -> Void)
        case receiving(BodyRoute)
    }

    var method: Method
    var template: RouteTemplate
    /// The most bytes of a body; nil is the server's default.
    var bodyLimit: Int?
    var handler: Handler

    var isDeferred: Bool {
        if case .deferred = handler { true } else { false }
    }
}

/// Who answers requests whose answers may be in memory.
struct Remembering: Sendable {
    /// The answer as it stands in memory; nil where it must be found.
    var recall: @Sendable (Request) -> Response?
    /// Finds the answer.
    var handler: @Sendable (Request) -> Response
}

/// Who answers requests whose bodies go to files.
struct BodyRoute: Sendable {
    var pool: PoolName
    /// Where bodies lie while a handler has not moved them.
    var folder: String
    /// Answers a request whose body is not wanted, before it is read.
    var check: @Sendable (Request) -> Response?
    var handler: @Sendable (Request, BodyFile) -> Response
}
