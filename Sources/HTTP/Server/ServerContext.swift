/// What the shards of a server share; nothing of it changes after the start but its counters.
final class ServerContext: Sendable {
    let configuration: HTTPServerConfiguration
    let router: Router
    let observer: (any HTTPServerObserver)?
    let admission: Admission
    let bodyBudget: BodyBudget
    /// Eight random hexadecimal digits, so that request identifiers differ across restarts.
    let instance: [UInt8]
    private let errorResponse: @Sendable (ServerFault) -> Response
    private let allowedHosts: Set<String>?
    private let generalPool: HandlerPool
    private let reservedPool: HandlerPool
    /// The threads that write bodies to files, apart from those that may wait for something else.
    let bodyPool: HandlerPool

    init(
        configuration: HTTPServerConfiguration,
        router: Router,
        observer: (any HTTPServerObserver)?,
        errorResponse: @escaping @Sendable (ServerFault) -> Response
    ) {
        self.configuration = configuration
        self.router = router
        self.observer = observer
        self.errorResponse = errorResponse
        admission = Admission(limits: configuration.limits)
        bodyBudget = BodyBudget(limit: configuration.limits.bufferedBodyBytes)
        allowedHosts = configuration.allowedHosts.map(Set.init)
        generalPool = HandlerPool(
            name: "http-general",
            threads: configuration.poolThreads,
            queueLimit: configuration.poolQueueLimit
        )
        reservedPool = HandlerPool(
            name: "http-reserved",
            threads: configuration.reservedPoolThreads,
            queueLimit: configuration.poolQueueLimit
        )
        // Each body waits for at most one thread at a time, so the connections bound the queue.
        bodyPool = HandlerPool(name: "http-bodies", threads: 4, queueLimit: .max)
        let random = String(UInt32.random(in: .min ... .max), radix: 16)
        instance = Array((String(repeating: "0", count: 8 - random.count) + random).utf8)
    }

    func pool(_ name: PoolName) -> HandlerPool {
        switch name {
        case .general: generalPool
        case .reserved: reservedPool
        }
    }

    /// Whether requests for this `host:port` are for this server.
    func serves(_ authority: String?) -> Bool {
        guard let allowedHosts else { return true }
        guard let authority else { return false }
        return allowedHosts.contains(String(Authority.host(of: authority)))
    }

    /// The answer to a fault, with the fields that its status asks for.
    func response(to fault: ServerFault) -> Response {
        var response = errorResponse(fault)
        for field in fault.fields { response.fields.set(field.name, field.value) }
        if fault.status == .serviceUnavailable {
            response.fields.set("Retry-After", "\(configuration.retryAfterSeconds)")
        }
        return response
    }

    func report(_ operation: String, _ detail: String) {
        observer?.failed(HTTPServerFailure(operation: operation, detail: detail))
    }
}
