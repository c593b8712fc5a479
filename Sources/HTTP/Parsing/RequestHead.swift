/// A request line and its header section, checked, with all that follows from them.
struct RequestHead: Sendable, Equatable {
    /// How the end of the body is found (RFC 9112 section 6).
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    var line: RequestLine
    var fields: Fields
    /// The authority of the target or of `Host`, in lower case; nil only in HTTP/1.0.
    var authority: String?
    var framing: Framing
    /// Whether the client allows another request on the connection.
    var keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    var expectsContinue: Bool

    var isHTTP10: Bool { line.minorVersion == 0 }
}

extension Fields: Equatable {
    /// Whether the same lines stand in the same order, names compared with their case.
    public static func == (left: Fields, right: Fields) -> Bool {
        left.elementsEqual(right)
    }
}
