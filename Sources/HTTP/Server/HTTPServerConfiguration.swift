import Foundation

/// Everything that can be set on an ``HTTPServer``; each value has a default.
public struct HTTPServerConfiguration: Sendable {
    /// Where a server listens.
    public struct Address: Sendable, Hashable, CustomStringConvertible {
        /// A name or a numeric address; IPv6 without brackets.
        public var host: String
        /// The port; 0 takes a free one, which ``HTTPServer/start()`` returns.
        public var port: UInt16

        /// Names a host and a port.
        public init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }

        /// `host:port`, with brackets around IPv6.
        public var description: String {
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// Where to listen; 127.0.0.1 and a free port.
    public var address = Address(host: "127.0.0.1", port: 0)
    /// The path of a Unix socket to listen on in place of ``address``; nil, the default, is none.
    ///
    /// At most 107 bytes. Only the process's own user may connect. A socket that an ended server left there
    /// is replaced; the server removes its own when it stops.
    public var unixSocketPath: String?
    /// The event loops, each of which owns a part of the connections; one per core, at most 8.
    public var shards = min(8, max(1, ProcessInfo.processInfo.activeProcessorCount))
    /// The most threads of the pool ``PoolName/general``.
    ///
    /// 16 by default. They are started when needed.
    public var poolThreads = 16
    /// The most threads of the pool ``PoolName/reserved``.
    ///
    /// 8 by default. They are started when needed.
    public var reservedPoolThreads = 8
    /// The most requests that wait for a thread of one pool.
    ///
    /// 1,024 by default. More is 503.
    public var poolQueueLimit = 1_024
    /// The whole seconds that a 503 of the server asks to wait, in `Retry-After`.
    ///
    /// 1 by default.
    public var retryAfterSeconds = 1
    /// How much the server takes.
    public var limits = HTTPServerLimits()
    /// How long the server waits.
    public var deadlines = HTTPServerDeadlines()
    /// The hosts, without port and in lower case, that requests may be for; IPv6 in brackets.
    ///
    /// nil, the default, is any. A request for another host is answered 421: a page in a browser
    /// cannot reach the server under a name that was made to point at it (DNS rebinding).
    public var allowedHosts: [String]?
    /// Who may have requests answered; nil, the default, is anybody.
    public var gate: (any RequestGate)?
    /// Whether ``HTTPServer/start()`` raises the process's soft limit on descriptors to the
    /// hard one; true.
    public var raisesDescriptorLimit = true
    /// Makes the transport of an accepted, non-blocking descriptor, which it then owns; plain
    /// TCP.
    public var makeTransport: @Sendable (_ descriptor: Int32) -> any Transport = {
        SocketTransport(descriptor: $0)
    }

    /// The defaults named at each value.
    public init() {}

    /// Refuses values that no server can run with.
    func validate() throws(HTTPServerError) {
        let positive: [(String, Int)] = [
            ("shards", shards), ("poolThreads", poolThreads),
            ("reservedPoolThreads", reservedPoolThreads), ("poolQueueLimit", poolQueueLimit),
            ("limits.requestLineBytes", limits.requestLineBytes),
            ("limits.fieldCount", limits.fieldCount), ("limits.fieldBytes", limits.fieldBytes),
            ("limits.connections", limits.connections), ("limits.backlog", limits.backlog),
            ("limits.connectionsPerAddress", limits.connectionsPerAddress),
            ("limits.outputBytes", limits.outputBytes), ("limits.streamBytes", limits.streamBytes),
            ("deadlines.minimumBodyRate", deadlines.minimumBodyRate),
            ("deadlines.minimumWriteRate", deadlines.minimumWriteRate),
        ]
        for (name, value) in positive where value < 1 {
            throw .invalidConfiguration("\(name) must be at least 1, got \(value)")
        }
        guard shards <= 256 else {
            throw .invalidConfiguration("shards must be at most 256, got \(shards)")
        }
        guard limits.streamCutoffBytes >= limits.streamBytes else {
            throw .invalidConfiguration(
                "limits.streamCutoffBytes must be at least limits.streamBytes "
                    + "(\(limits.streamBytes)), got \(limits.streamCutoffBytes)"
            )
        }
    }
}
