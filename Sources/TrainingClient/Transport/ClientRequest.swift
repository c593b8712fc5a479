/// A request to an HTTP server.
public struct ClientRequest: Sendable {
    /// What the request does (RFC 9110, section 9).
    public enum Method: String, Hashable, Sendable {
        /// Reads.
        case get = "GET"
        /// Reads the head of the answer alone.
        case head = "HEAD"
        /// Makes or does something.
        case post = "POST"
        /// Stores under a name that the client chose.
        case put = "PUT"
        /// Removes.
        case delete = "DELETE"
    }

    /// What the request does.
    public var method: Method
    /// The absolute URL, percent-encoded; `http` or `https`.
    public var url: String
    /// The request's own fields, sent in this order after those that the transport adds.
    public var fields: ClientFields
    /// The content; `nil` sends none.
    public var body: [UInt8]?
    /// Content that is read as it is sent, in place of `body`; for PUT alone.
    public var upload: UploadBody?
    /// How long to wait; `nil` for the transport's own.
    public var timeouts: ClientTimeouts?

    /// Makes a request.
    public init(
        _ method: Method,
        _ url: String,
        fields: ClientFields = [:],
        body: [UInt8]? = nil,
        timeouts: ClientTimeouts? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.timeouts = timeouts
    }

    /// The request in the words of an error message: `POST http://127.0.0.1:8080/v1/jobs`.
    public var operation: String { "\(method.rawValue) \(url)" }
}
