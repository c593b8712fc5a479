import HTTP
import Synchronization

/// A running server on a free port of the loopback address; it stops when it is let go.
final class TestServer {
    let server: HTTPServer
    let port: UInt16
    let log: TestLog

    init(
        _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        routes: (inout Router) -> Void
    ) throws {
        var configuration = HTTPServerConfiguration()
        configuration.shards = 1
        configure(&configuration)
        var router = Router()
        routes(&router)
        log = TestLog()
        server = HTTPServer(configuration: configuration, router: router, observer: log)
        port = try server.start()
    }

    deinit {
        server.stop(within: .zero)
    }

    func connect(receiveBuffer: Int32? = nil) throws -> TestClient {
        try TestClient(port: port, receiveBuffer: receiveBuffer)
    }
}

/// An observer that remembers.
final class TestLog: HTTPServerObserver {
    private let entries = Mutex<(records: [AccessRecord], failures: [HTTPServerFailure])>(([], []))

    var records: [AccessRecord] { entries.withLock(\.records) }
    var failures: [HTTPServerFailure] { entries.withLock(\.failures) }

    func answered(_ record: AccessRecord) {
        entries.withLock { $0.records.append(record) }
    }

    func failed(_ failure: HTTPServerFailure) {
        entries.withLock { $0.failures.append(failure) }
    }
}
