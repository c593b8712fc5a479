/// Which handler answers a method on a path.
///
/// A template's literal segments win over its `{names}`, so `/v1/jobs/archive` and `/v1/jobs/{id}`
/// can stand side by side; a name takes one whole segment that is not empty. HEAD goes to the
/// handler of GET, and OPTIONS is answered from the methods that a path has. Registering a method
/// on a template twice is a caller's bug and traps.
public struct Router: Sendable {
    /// A registered method and template.
    public struct Description: Sendable, Hashable {
        /// The method.
        public var method: Method
        /// The template as it was registered.
        public var template: String

        /// Pairs a method and a template.
        public init(method: Method, template: String) {
            self.method = method
            self.template = template
        }
    }

    struct Match: Sendable {
        var route: Route
        var parameters: [String: String]
    }

    enum Outcome: Sendable {
        case found(Match)
        /// The path stands, and takes these methods.
        case otherMethods([Method])
        case notFound
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var routes: [Method: Route] = [:]
    }

    private var nodes = [Node()]
    private var order: [Description] = []

    /// Knows no route.
    public init() {}

    /// Every route, in the order of registration.
    public var routes: [Description] { order }

    /// Answers on the event loop itself: the handler must work on memory alone, within
    /// microseconds, and never block.
    public mutating func inline(
        _ method: Method,
        _ template: String,
        _ handler: @escaping @Sendable (Request) -> Response
    ) {
        add(method, template, bodyLimit: nil, .inline(handler))
    }

    /// Answers on a thread of a pool, where the handler may block.
    public mutating func pooled(
        _ method: Method,
        _ template: String,
        pool: PoolName = .general,
        bodyLimit: Int? = nil,
        _ handler: @escaping @Sendable (Request) -> Response
    ) {
        add(method, template, bodyLimit: bodyLimit, .pooled(pool, handler))
    }

    /// Answers on the event loop what `recall` has in memory, and the rest on a thread of a pool.
    ///
    /// `recall` must work within microseconds and never block.
    public mutating func remembered(
        _ method: Method,
        _ template: String,
        pool: PoolName = .general,
        recall: @escaping @Sendable (Request) -> Response?,
        _ handler: @escaping @Sendable (Request) -> Response
    ) {
        let remembering = Remembering(recall: recall, handler: handler)
        add(method, template, bodyLimit: nil, .remembered(pool, remembering))
    }

    /// Begins on a thread of a pool and answers whenever it has something to say, from any thread.
    public mutating func deferred(
        _ method: Method,
        _ template: String,
        pool: PoolName = .general,
        bodyLimit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Reply) -> Void
    ) {
        add(method, template, bodyLimit: bodyLimit, .deferred(pool, handler))
    }

    /// Begins on a thread of a pool and answers piece by piece, from any thread.
    public mutating func streaming(
        _ method: Method,
        _ template: String,
        pool: PoolName = .general,
        bodyLimit: Int? = nil,
        _ handler: @escaping @Sendable (Request, ResponseStream) -> Void
    ) {
        add(method, template, bodyLimit: bodyLimit, .streaming(pool, handler))
    }

    /// Answers once the whole body lies in a file, on a thread of a pool.
    ///
    /// Bodies of any size take little memory: a client is read no faster than the disk is written.
    /// Where the disk is full, the answer is 507. A client that leaves, or a body that is too slow or
    /// too large, leaves no file.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - template: The path, with `{names}`.
    ///   - pool: Which threads run `check` and `handler`.
    ///   - bodyLimit: The most bytes of a body.
    ///   - folder: Where bodies lie until they are moved away; made by the server's start, and this
    ///     server's alone: what an earlier one left there is cleared away.
    ///   - check: Answers what needs no body, before it is read and before `100 Continue`; nil
    ///     wants the body. The request is given without one.
    ///   - handler: Answers; the request is given without its body, and the file is deleted
    ///     afterwards unless it was moved.
    public mutating func receiving(
        _ method: Method,
        _ template: String,
        pool: PoolName = .general,
        bodyLimit: Int,
        folder: String,
        check: @escaping @Sendable (Request) -> Response? = { _ in nil },
        _ handler: @escaping @Sendable (Request, BodyFile) -> Response
    ) {
        let route = BodyRoute(pool: pool, folder: folder, check: check, handler: handler)
        add(method, template, bodyLimit: bodyLimit, .receiving(route))
    }

    private mutating func add(
        _ method: Method,
        _ text: String,
        bodyLimit: Int?,
        _ handler: Route.Handler
    ) {
        precondition(method.isKnown, "\(method) on \(text) would be answered 501")
        let template = RouteTemplate(text)
        var node = 0
        for segment in template.segments { node = child(of: node, for: segment) }
        precondition(nodes[node].routes[method] == nil, "\(method) \(text) is registered twice")
        nodes[node].routes[method] = Route(
            method: method,
            template: template,
            bodyLimit: bodyLimit,
            handler: handler
        )
        order.append(Description(method: method, template: text))
    }

    private mutating func child(of node: Int, for segment: RouteTemplate.Segment) -> Int {
        let existing =
            switch segment {
            case .literal(let text): nodes[node].literals[text]
            case .parameter: nodes[node].parameter
            }
        if let existing { return existing }
        nodes.append(Node())
        switch segment {
        case .literal(let text): nodes[node].literals[text] = nodes.count - 1
        case .parameter: nodes[node].parameter = nodes.count - 1
        }
        return nodes.count - 1
    }
}

extension Router {
    /// Finds the route of a decoded path.
    func match(_ method: Method, _ path: [String]) -> Outcome {
        var captured: [String] = []
        guard let node = find(path[...], from: 0, &captured) else { return .notFound }
        let routes = nodes[node].routes
        guard let route = routes[method] ?? (method == .head ? routes[.get] : nil) else {
            return .otherMethods(Self.allowed(Set(routes.keys)))
        }
        var parameters: [String: String] = [:]
        if !captured.isEmpty {
            for (name, value) in zip(route.template.names, captured) { parameters[name] = value }
        }
        return .found(Match(route: route, parameters: parameters))
    }

    /// The folders that bodies go to.
    var bodyFolders: Set<String> {
        Set(
            nodes.flatMap { $0.routes.values }.compactMap { route in
                if case .receiving(let body) = route.handler { body.folder } else { nil }
            }
        )
    }

    /// Every method that some path takes, as `OPTIONS *` answers.
    var allMethods: [Method] { Self.allowed(Set(order.map(\.method))) }

    private func find(
        _ path: ArraySlice<String>,
        from node: Int,
        _ captured: inout [String]
    ) -> Int? {
        guard let segment = path.first else { return nodes[node].routes.isEmpty ? nil : node }
        if let next = nodes[node].literals[segment],
            let found = find(path.dropFirst(), from: next, &captured)
        {
            return found
        }
        guard let next = nodes[node].parameter, !segment.isEmpty else { return nil }
        captured.append(segment)
        if let found = find(path.dropFirst(), from: next, &captured) { return found }
        captured.removeLast()
        return nil
    }

    private static func allowed(_ methods: Set<Method>) -> [Method] {
        var methods = methods
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        return methods.sorted { $0.rawValue < $1.rawValue }
    }
}
