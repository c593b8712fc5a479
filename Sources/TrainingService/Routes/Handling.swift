internal import HTTP
internal import TrainingAPI

/// Wraps handlers that throw, so that every error becomes a problem document in one place.
extension Router {
    /// A route that works on memory alone.
    mutating func answer(
        inline method: Method,
        _ template: String,
        _ handler: @escaping @Sendable (Request) throws -> Response
    ) {
        inline(method, template) { request in Self.run(handler, request) }
    }

    /// A route that may block, such as on the store.
    mutating func answer(
        _ method: Method,
        _ template: String,
        pool: PoolName = .general,
        bodyLimit: Int? = nil,
        _ handler: @escaping @Sendable (Request) throws -> Response
    ) {
        pooled(method, template, pool: pool, bodyLimit: bodyLimit) { request in
            Self.run(handler, request)
        }
    }

    /// A route that may block, where `recall` has no answer in memory.
    mutating func answer(
        _ method: Method,
        _ template: String,
        recall: @escaping @Sendable (Request) -> Response?,
        _ handler: @escaping @Sendable (Request) throws -> Response
    ) {
        remembered(method, template, recall: recall) { request in Self.run(handler, request) }
    }

    private static func run(
        _ handler: (Request) throws -> Response,
        _ request: Request
    ) -> Response {
        do {
            return try handler(request)
        } catch {
            return Answer.problem(Problem(mapping: error), for: request)
        }
    }
}
