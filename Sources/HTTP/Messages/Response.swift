/// A whole answer of a handler.
///
/// The server writes the fields that frame or identify a message itself: `Content-Length`,
/// `Transfer-Encoding`, `Connection`, `Date` and `X-Request-Id` given here are left out, but
/// `Connection: close` does close the connection after the answer.
///
/// Where the client takes gzip, a large text is compressed, unless the handler gives a
/// `Content-Encoding` itself; the entity tag then ends in `-gzip`, which handlers never see.
public struct Response: Sendable {
    /// What became of the request; not below 200.
    public var status: Status
    /// The fields beside those of the server.
    public var fields: Fields
    /// The body as it goes out; not sent for HEAD, 204 and 304.
    ///
    /// An array shares its storage: a body that is encoded once and kept by its maker can stand in
    /// any number of responses, and a large one goes to the socket from that storage.
    public var body: [UInt8]
    /// What the server's observer is told of the answer, such as why it is what it is; not sent.
    public var note: String?

    /// Puts an answer together; the caller names the body's type in `fields`.
    public init(status: Status, fields: Fields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
