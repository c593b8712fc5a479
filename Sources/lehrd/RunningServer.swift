import HTTP
import Logging
import Synchronization
import TrainingService

/// The HTTP server of a service, with its log.
final class RunningServer: HTTPServerObserver, Sendable {
    private let logger: Logger
    private let server = Mutex<HTTPServer?>(nil)
    private let make: @Sendable (RunningServer) -> HTTPServer

    /// Makes the server; ``start()`` opens it.
    ///
    /// - Parameters:
    ///   - service: What answers.
    ///   - listen: Where to listen.
    ///   - anyHost: Whether requests may be for any Host; else only for this machine's own names, so
    ///     that a page in a browser cannot reach the server under a name of its own.
    ///   - logger: Takes a line for each request, at the level `debug`.
    init(_ service: Service, listen: ListenAddress, anyHost: Bool, logger: Logger) {
        self.logger = logger
        make = { observer in
            var configuration = HTTPServerConfiguration()
            configuration.address = .init(host: listen.host, port: listen.port)
            configuration.poolThreads = 64
            configuration.reservedPoolThreads = 32
            if !anyHost { configuration.allowedHosts = ["localhost", "127.0.0.1", "[::1]"] }
            let router = service.router { observer.server.withLock { $0?.statistics } }
            return HTTPServer(
                configuration: configuration,
                router: router,
                observer: observer,
                errorResponse: Service.response(to:)
            )
        }
    }

    /// Opens the server, and returns the port.
    func start() throws(HTTPServerError) -> UInt16 {
        let made = make(self)
        let port = try made.start()
        server.withLock { $0 = made }
        return port
    }

    /// Lets running requests end, and closes.
    func stop(within grace: Duration) {
        server.withLock { $0 }?.stop(within: grace)
    }

    func answered(_ record: AccessRecord) {
        logger.debug(
            "\(record.method?.rawValue ?? "-") \(record.target ?? "-") \(record.status.code)",
            metadata: [
                "request": "\(record.requestID)", "bytes": "\(record.bodyBytes)",
                "duration": "\(record.duration)", "peer": "\(record.remoteAddress)",
            ]
        )
    }

    func failed(_ failure: HTTPServerFailure) {
        logger.error("\(failure.operation): \(failure.detail)")
    }
}
