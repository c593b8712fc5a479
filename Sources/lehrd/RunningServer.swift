import HTTP
import HTTPTLS
import Logging
import Synchronization
import TrainingService

/// The HTTP server of a service, with its log.
final class RunningServer: HTTPServerObserver, Sendable {
    /// How the server listens and to whom.
    struct Plan: Sendable {
        /// Where to listen.
        var listen: ListenAddress
        /// The path of a Unix socket to listen on too, for this user alone; nil for none.
        var socketPath: String?
        /// Whether requests may be for any Host; else only for this machine's own names, so that a
        /// page in a browser cannot reach the server under a name of its own.
        var anyHost: Bool
        /// The limits that are not the defaults.
        var limits: [LimitSetting] = []
        /// Who may do what; nil where nobody needs a token.
        var gate: TokenGate?
        /// The certificate; nil where clients come without TLS.
        var tls: TLSServer?
        /// Where every answer is told; nil for nowhere.
        var accessLog: AccessLog?
    }

    private struct Servers {
        var outer: HTTPServer?
        /// The one for this machine's own workers, where clients come by TLS: the certificate need
        /// not name the loopback address, and may change.
        var inner: HTTPServer?
        /// The one of the Unix socket.
        var socket: HTTPServer?
    }

    private let plan: Plan
    private let service: Service
    private let logger: Logger
    private let troubles = TroubleLog()
    private let servers = Mutex(Servers())

    /// Makes the server; ``start()`` opens it.
    ///
    /// - Parameters:
    ///   - service: What answers.
    ///   - plan: How it listens and to whom.
    ///   - logger: Takes a line for each request, at the level `debug`, and for each failure.
    init(_ service: Service, _ plan: Plan, logger: Logger) {
        self.service = service
        self.plan = plan
        self.logger = logger
    }

    /// Opens the server; returns the port for clients, and the URL for workers of this machine.
    func start() throws(HTTPServerError) -> (port: UInt16, workers: String) {
        if let path = plan.socketPath {
            let server = make(listen: plan.listen, isOuter: false, socketPath: path)
            _ = try server.start()
            servers.withLock { $0.socket = server }
        }
        let outer = make(listen: plan.listen, isOuter: true)
        let port = try outer.start()
        servers.withLock { $0.outer = outer }
        guard plan.tls != nil else { return (port, "http://\(plan.listen.reachableHost):\(port)") }
        let inner = make(listen: ListenAddress(host: "127.0.0.1", port: 0), isOuter: false)
        let innerPort = try inner.start()
        servers.withLock { $0.inner = inner }
        return (port, "http://127.0.0.1:\(innerPort)")
    }

    /// Lets running requests end, and closes.
    func stop(within grace: Duration) {
        let servers = servers.withLock { $0 }
        servers.inner?.stop(within: .zero)
        servers.socket?.stop(within: grace)
        servers.outer?.stop(within: grace)
        plan.accessLog?.flush()
    }

    private func make(
        listen: ListenAddress,
        isOuter: Bool,
        socketPath: String? = nil
    ) -> HTTPServer {
        var configuration = HTTPServerConfiguration()
        configuration.unixSocketPath = socketPath
        configuration.address = .init(host: listen.host, port: listen.port)
        configuration.poolThreads = 64
        configuration.reservedPoolThreads = 32
        for setting in plan.limits { setting.limit.set(&configuration, setting.value) }
        configuration.gate = plan.gate
        if !isOuter || !plan.anyHost {
            configuration.allowedHosts = ["localhost", "127.0.0.1", "[::1]"]
        }
        if isOuter, let tls = plan.tls {
            configuration.makeTransport = { tls.makeTransport($0) }
        } else if !isOuter {
            configuration.shards = 1
        }
        let router = service.router(access: plan.gate, isSecure: isOuter && plan.tls != nil) {
            self.servers.withLock { $0.outer?.statistics }
        }
        return HTTPServer(
            configuration: configuration,
            router: router,
            observer: self,
            errorResponse: Service.response(to:)
        )
    }

    func answered(_ record: AccessRecord) {
        plan.accessLog?.write(record)
        if record.status.code >= 500, let line = trouble(record) { logger.warning("\(line)") }
        logger.debug(
            "\(record.method?.rawValue ?? "-") \(record.target ?? "-") \(record.status.code)",
            metadata: [
                "request": "\(record.requestID)", "bytes": "\(record.bodyBytes)",
                "duration": "\(record.duration)", "peer": "\(record.remoteAddress)",
                "client": "\(record.client ?? "-")",
            ]
        )
    }

    func failed(_ failure: HTTPServerFailure) {
        let line = troubles.line(failure.operation, "\(failure.operation): \(failure.detail)")
        if let line { logger.error("\(line)") }
    }

    /// What to tell of an answer that the server owes an explanation for.
    private func trouble(_ record: AccessRecord) -> String? {
        let reason = record.note.map { ": \($0)" } ?? ""
        return troubles.line(
            "\(record.status.code)",
            "\(record.status.code) to \(record.method?.rawValue ?? "a request")"
                + " \(record.template ?? record.target ?? "")\(reason) (request \(record.requestID))"
        )
    }
}
