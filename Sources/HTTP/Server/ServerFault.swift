/// An answer that the server makes by itself, before or instead of a handler's.
///
/// A service turns it into its own error format; see `errorResponse` of ``HTTPServer``. The fields
/// that belong to the status (`Allow`, `Retry-After`, `Accept-Encoding`) are added afterwards.
public struct ServerFault: Sendable {
    /// 400, 404, 405, 408, 413, 414, 415, 417, 421, 431, 500, 501, 503, 505 or 507.
    public var status: Status
    /// What is wrong and what would be right, as a sentence for the client.
    public var detail: String
    /// The request's identifier; a request that could not be read has one too.
    public var requestID: String
    /// The fields that the server adds to the answer.
    var fields: Fields = [:]

    /// The default answer: the detail as a line of plain text.
    @Sendable public static func plainText(_ fault: ServerFault) -> Response {
        Response(
            status: fault.status,
            fields: ["Content-Type": "text/plain; charset=utf-8"],
            body: Array("\(fault.detail)\n".utf8)
        )
    }
}
