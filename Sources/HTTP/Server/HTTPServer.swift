import Dispatch
import Foundation
import Glibc
import Synchronization

// How to read this library, in an evening:
//
// 1. `Messages/`: the values that go in and out. A `Request` is whole and checked; a `Response` is
//    a status, fields and a body.
// 2. `Parsing/`: bytes to requests, as pure values. `RequestParser` cuts the stream into elements;
//    `RequestLine`, `RequestTarget`, `FieldLine`, `ChunkSize` each read one line; `MessageRules`
//    says what the fields mean together, and refuses what two readers could understand differently.
// 3. `Routing/`: a `Router` is a tree of path segments. A route says what kind of handler it has:
//    inline, pooled, deferred, streaming, or receiving, whose bodies go to files.
// 4. `EventLoop/`: `Acceptor` takes connections and deals them to the `Shard`s. A shard is a serial
//    queue around an epoll descriptor (`Poller`); everything of a `Connection` happens on it. The
//    connection is a small state machine: idle → head → body → handling → idle, or closing →
//    lingering → closed. `Connection+Requests` goes from parsed elements to handlers,
//    `Connection+Bodies` from elements to files, `Connection+Answers` from answers to bytes in the
//    `OutputQueue`. `Transport` is the seam below, plain TCP or encrypted.
// 5. `Handling/`: work that may block runs on a `HandlerPool`. Its answer comes back as a `Message`
//    in the shard's `Mailbox`, which wakes the shard by an eventfd. `Reply` and `ResponseStream`
//    are the handler's ends of an `ExchangeLink`. A `BodyReception` writes a body to its `BodyFile`
//    on threads of its own, and tells the connection when to read on.
// 6. `Server/`: configuration, limits, deadlines, and this type, which puts the parts together.
//
// One request, followed: the source of the shard fires; `Shard.drain` collects ready descriptors;
// `Connection.handle` reads into the shard's buffer and feeds its parser; `take` gets a head, finds
// the route, gathers the body; `dispatch` calls the handler, or gives it to a pool and waits for
// the message; `respond` appends head and body to the output; `advance` writes them in one call.

/// An HTTP/1.1 server on plain sockets and Dispatch.
///
/// A server starts once and stops once. Dropping it stops it at once.
public final class HTTPServer: Sendable {
    private struct State {
        var acceptor: Acceptor?
        var hasStarted = false
    }

    private let context: ServerContext
    private let state = Mutex(State())
    private let shards = Mutex<[Shard]>([])
    private let shardsRunning = DispatchGroup()

    /// Puts a server together; nothing is opened before ``start()``.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen and what to allow.
    ///   - router: Who answers what.
    ///   - observer: Told of every answer and every fault of the server's own.
    ///   - errorResponse: Makes the answers that the server gives by itself; plain text by default.
    public init(
        configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
        router: Router,
        observer: (any HTTPServerObserver)? = nil,
        errorResponse: @escaping @Sendable (ServerFault) -> Response = ServerFault.plainText
    ) {
        context = ServerContext(
            configuration: configuration,
            router: router,
            observer: observer,
            errorResponse: errorResponse
        )
    }

    deinit {
        stop(within: .zero)
    }

    /// Listens, and answers from then on, on threads of its own; returns the bound port, 0 for a Unix socket.
    ///
    /// From then on the whole process ignores SIGPIPE, and may have more descriptors; what it starts
    /// by `exec` inherits both.
    public func start() throws(HTTPServerError) -> UInt16 {
        let isFirst = state.withLock { state in
            defer { state.hasStarted = true }
            return !state.hasStarted
        }
        guard isFirst else { throw .alreadyStarted }
        let configuration = context.configuration
        try configuration.validate()
        signal(SIGPIPE, SIG_IGN)
        if configuration.raisesDescriptorLimit { Self.raiseDescriptorLimit() }
        for folder in context.router.bodyFolders.sorted() { try BodyFile.prepare(folder) }
        let socket = try makeSocket()
        var shards: [Shard] = []
        do throws(HTTPServerError) {
            for index in 0..<configuration.shards {
                shards.append(try Shard(index: index, context: context))
            }
        } catch {
            socket.close()
            throw error
        }
        for shard in shards {
            shardsRunning.enter()
            shard.start { [shardsRunning] in shardsRunning.leave() }
        }
        self.shards.withLock { $0 = shards }
        let acceptor = Acceptor(socket: socket, shards: shards, context: context)
        state.withLock { $0.acceptor = acceptor }
        acceptor.start()
        return socket.port
    }

    private func makeSocket() throws(HTTPServerError) -> ListeningSocket {
        let configuration = context.configuration
        let backlog = configuration.limits.backlog
        guard let path = configuration.unixSocketPath else {
            return try ListeningSocket(configuration.address, backlog: backlog)
        }
        return try ListeningSocket(path: path, backlog: backlog)
    }
}

extension HTTPServer {
    /// What is open, held and waiting now.
    public var statistics: HTTPServerStatistics {
        let counts = context.admission.counts
        var waiting: [PoolName: Int] = [:]
        var running: [PoolName: Int] = [:]
        for name in PoolName.allCases {
            (waiting[name], running[name]) = context.pool(name).load
        }
        return HTTPServerStatistics(
            openConnections: counts.open,
            acceptedConnections: counts.accepted,
            bufferedBodyBytes: context.bodyBudget.usedBytes,
            waitingRequests: waiting,
            runningRequests: running
        )
    }

    /// Stops accepting, closes idle connections, lets running requests be answered, and then closes
    /// the rest; returns when all are closed, within about the given time.
    ///
    /// Streams and long polls end by themselves or at the end of that time. The threads of the pools
    /// end with the work they have. Must not be called on an event loop; further calls do nothing.
    public func stop(within grace: Duration) {
        let acceptor = state.withLock { state in
            state.hasStarted = true
            defer { state.acceptor = nil }
            return state.acceptor
        }
        acceptor?.stop()
        let shards = self.shards.withLock { shards in
            defer { shards = [] }
            return shards
        }
        for shard in shards { shard.mailbox.post(.drain) }
        context.admission.waitUntilEmpty(within: grace)
        for shard in shards { shard.mailbox.post(.terminate) }
        shardsRunning.wait()
        for name in PoolName.allCases { context.pool(name).stop() }
        context.bodyPool.stop()
    }

    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(descriptors, &limit) == 0, limit.rlim_cur < limit.rlim_max else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        // Where it is refused, the server works with what it has.
        _ = setrlimit(descriptors, &limit)
    }
}
