/// Where a server is: scheme, host, port and, behind a proxy, the path before `/v1`.
public struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address where `lehrd serve` listens by default.
    public static let local = ServerAddress(url: "http://127.0.0.1:8080")

    /// The URL without a slash at its end: `http://127.0.0.1:8080`.
    public let url: String

    private init(url: String) {
        self.url = url
    }

    /// Reads an address; `http://` may be left out.
    ///
    /// - Parameter text: The address, such as `https://lehr.example/training`.
    /// - Throws: `ClientError` with the code `invalidRequest` where it is none.
    public init(_ text: String) throws(ClientError) {
        let full = text.contains("://") ? text : "http://\(text)"
        let rest = ["http://", "https://"].first { full.hasPrefix($0) }
            .map { full.dropFirst($0.count) }
        let isPlain = full.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard let rest, let first = rest.first, first != "/", isPlain,
            !rest.contains(where: { "?#@\\".contains($0) })
        else {
            throw ClientError(
                code: .invalidRequest,
                operation: "read the server's address",
                detail: "\(text.debugDescription) is not a server's address; "
                    + "write one such as http://127.0.0.1:8080"
            )
        }
        var url = full
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
    }

    /// The URL.
    public var description: String { url }
}
