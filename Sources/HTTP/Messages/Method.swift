/// A request method; compared with its case, as RFC 9110 section 9.1 says.
public struct Method: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The method as it stands on the request line.
    public let rawValue: String

    /// Takes any token; whether the server knows it is ``isKnown``.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Reads a representation; answered without its body as ``head``.
    public static let get = Method(rawValue: "GET")
    /// Reads the fields alone; the server answers it from the route of ``get``.
    public static let head = Method(rawValue: "HEAD")
    /// Has the resource process the body.
    public static let post = Method(rawValue: "POST")
    /// Replaces the resource by the body.
    public static let put = Method(rawValue: "PUT")
    /// Removes the resource.
    public static let delete = Method(rawValue: "DELETE")
    /// Changes parts of the resource.
    public static let patch = Method(rawValue: "PATCH")
    /// Asks which methods a path takes; the server answers it from its routes.
    public static let options = Method(rawValue: "OPTIONS")
    /// Asks for an echo of the request; known, and never allowed.
    static let trace = Method(rawValue: "TRACE")

    /// Reads, with a query in its body; known, and never allowed.
    static let query = Method(rawValue: "QUERY")

    private static let known: Set<Method> = [
        .get, .head, .post, .put, .delete, .patch, .options, .trace, .query,
    ]

    /// Whether a path may refuse the method with 405; one that is not known is answered with 501.
    public var isKnown: Bool { Self.known.contains(self) }

    /// The method as it stands on the request line.
    public var description: String { rawValue }
}
