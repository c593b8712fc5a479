/// A whole request as a handler sees it: checked, decoded, with its body in memory.
public struct Request: Sendable {
    /// The method; ``Method/head`` reaches the handler of ``Method/get`` as it is.
    public var method: Method
    /// The path's segments, percent-decoded after the split, so that `%2F` stays inside one.
    ///
    /// `/v1/jobs` is `["v1", "jobs"]`, `/` is `[]`, and a slash at the end leaves an empty segment.
    public var path: [String]
    /// The target as it was sent, path and query, for logs and links.
    public var target: String
    /// The pairs after the question mark.
    public var query: Query
    /// The header section; trailers are never merged into it.
    public var fields: Fields
    /// The host and port that the request is for, from an absolute target or else from `Host`;
    /// nil only in HTTP/1.0.
    public var authority: String?
    /// The body, without its framing; empty when there was none.
    public var body: [UInt8]
    /// What stood at the template's `{names}`.
    public var parameters: [String: String]
    /// The identifier that every answer carries as `X-Request-Id`; unique across restarts.
    public var id: String
    /// The peer's numeric address, without the port.
    public var remoteAddress: String
    /// Who sent it, as the server's ``RequestGate`` knows; nil without one.
    public var client: String?

    /// Makes a request by hand, as tests of handlers do.
    public init(
        method: Method,
        path: [String],
        target: String = "",
        query: Query = Query(),
        fields: Fields = [:],
        authority: String? = nil,
        body: [UInt8] = [],
        parameters: [String: String] = [:],
        id: String = "",
        remoteAddress: String = "",
        client: String? = nil
    ) {
        self.method = method
        self.path = path
        self.target = target
        self.query = query
        self.fields = fields
        self.authority = authority
        self.body = body
        self.parameters = parameters
        self.id = id
        self.remoteAddress = remoteAddress
        self.client = client
    }
}
