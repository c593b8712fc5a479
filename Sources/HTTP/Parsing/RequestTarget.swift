/// What a request is for: decoded path segments, query, and the authority of an absolute form.
struct RequestTarget: Sendable, Equatable {
    var path: [String]
    var query: Query
    /// The `host:port` of an absolute form, in lower case; it wins over the `Host` field.
    var authority: String?
    /// Whether the target is `*`, the server as a whole.
    var isAsterisk: Bool

    /// Reads a target of printable ASCII; the forms are those of RFC 9112 section 3.2.
    init(parsing target: Span<UInt8>, method: Method) throws(RequestFault) {
        for index in 0..<target.count where target[index] == UInt8(ascii: "#") {
            throw .malformed("the target must not have a fragment (\"#\")")
        }
        isAsterisk = false
        if target[0] == UInt8(ascii: "/") {
            (path, query) = try Self.pathAndQuery(of: target)
        } else if target.count == 1, target[0] == UInt8(ascii: "*") {
            guard method == .options else {
                throw .malformed("the target \"*\" is for OPTIONS alone, got \(method)")
            }
            (path, query, isAsterisk) = ([], Query(), true)
        } else {
            let start = try Self.authorityStart(of: target)
            var end = start
            while end < target.count, target[end] != UInt8(ascii: "/"),
                target[end] != UInt8(ascii: "?")
            {
                end += 1
            }
            authority = try Authority.normalized(target.extracting(start..<end))
            (path, query) = try Self.pathAndQuery(of: target.extracting(end..<target.count))
        }
    }

    /// The length of `http://` or `https://`.
    private static func authorityStart(of target: Span<UInt8>) throws(RequestFault) -> Int {
        for scheme: StaticString in ["http://", "https://"]
        where target.count > scheme.utf8CodeUnitCount {
            let count = scheme.utf8CodeUnitCount
            if (0..<count).allSatisfy({ target[$0].lowercased == scheme.utf8Start[$0] }) {
                return count
            }
        }
        throw .malformed("the target must be a path from \"/\" or a URL with http or https")
    }

    private static func pathAndQuery(
        of bytes: Span<UInt8>
    ) throws(RequestFault) -> ([String], Query) {
        var pathEnd = 0
        while pathEnd < bytes.count, bytes[pathEnd] != UInt8(ascii: "?") { pathEnd += 1 }
        var path: [String] = []
        var start = 1
        while start <= pathEnd {
            var end = start
            while end < pathEnd, bytes[end] != UInt8(ascii: "/") { end += 1 }
            let segment = try PercentCoding.decode(
                bytes.extracting(start..<end),
                plusIsSpace: false
            )
            guard segment != ".", segment != ".." else {
                throw .malformed("the path must not have the segment \"\(segment)\"")
            }
            path.append(segment)
            start = end + 1
        }
        if path == [""] { path = [] }
        guard pathEnd < bytes.count else { return (path, Query()) }
        return (path, try query(of: bytes.extracting((pathEnd + 1)..<bytes.count)))
    }

    private static func query(of bytes: Span<UInt8>) throws(RequestFault) -> Query {
        var items: [Query.Item] = []
        var start = 0
        while start < bytes.count {
            var end = start
            var equals: Int?
            while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
                if equals == nil, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if end > start {
                let nameEnd = equals ?? end
                let valueStart = equals.map { $0 + 1 } ?? end
                items.append(
                    Query.Item(
                        name: try PercentCoding.decode(
                            bytes.extracting(start..<nameEnd),
                            plusIsSpace: true
                        ),
                        value: try PercentCoding.decode(
                            bytes.extracting(valueStart..<end),
                            plusIsSpace: true
                        )
                    )
                )
            }
            start = end + 1
        }
        return Query(items: items)
    }
}
