/// Where a server is: scheme, host, port and, behind a proxy, the path before `/v1`; or the path of a
/// Unix socket.
public struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address where `lehrd serve` listens by default.
    public static let local = ServerAddress(url: "http://127.0.0.1:8080")

    /// The URL without a slash at its end: `http://127.0.0.1:8080`.
    public let url: String
    /// The path of the Unix socket on which the server listens; nil where it listens on a port.
    ///
    /// A transport reaches it whose ``TransportConfiguration/unixSocketPath`` is the same.
    public let socketPath: String?

    private init(url: String) {
        self.url = url
        socketPath = nil
    }

    /// Reads an address; `http://` may be left out.
    ///
    /// - Parameter text: The address, such as `https://lehr.example/training`, or `unix:/run/lehr.sock`.
    /// - Throws: `ClientError` with the code `invalidRequest` where it is none.
    public init(_ text: String) throws(ClientError) {
        guard let place = Self.place(text) else {
            throw ClientError(
                code: .invalidRequest,
                operation: "read the server's address",
                detail: "\(text.debugDescription) is not a server's address; "
                    + "write one such as http://127.0.0.1:8080 or unix:/run/lehr.sock"
            )
        }
        (url, socketPath) = place
    }

    private static func place(_ text: String) -> (url: String, socketPath: String?)? {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            return path.hasPrefix("/") ? ("http://localhost", String(path)) : nil
        }
        let full = text.contains("://") ? text : "http://\(text)"
        let rest = ["http://", "https://"].first { full.hasPrefix($0) }
            .map { full.dropFirst($0.count) }
        let isPlain = full.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard let rest, let first = rest.first, first != "/", isPlain,
            !rest.contains(where: { "?#@\\".contains($0) })
        else { return nil }
        var url = full
        while url.hasSuffix("/") { url.removeLast() }
        return (url, nil)
    }

    /// The URL, or `unix:` and the path.
    public var description: String { socketPath.map { "unix:\($0)" } ?? url }
}
