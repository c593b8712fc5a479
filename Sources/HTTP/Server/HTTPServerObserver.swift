/// What is told of a server's work, for access logs and counters.
///
/// Called on the event loops: an observer must not block, and is called from several threads.
public protocol HTTPServerObserver: Sendable {
    /// An answer was handed to the connection, or a stream came to its end.
    func answered(_ record: AccessRecord)

    /// Something went wrong that no client's answer tells.
    func failed(_ failure: HTTPServerFailure)
}

/// One answered request, as an access log has it.
public struct AccessRecord: Sendable {
    /// The identifier that the answer carries.
    public var requestID: String
    /// The client's own trace, as `traceparent` of W3C Trace Context; nil without one.
    public var traceparent: String?
    /// The peer's numeric address.
    public var remoteAddress: String
    /// Who sent the request, as the ``RequestGate`` knows; nil without one.
    public var client: String?
    /// The method; nil when the request line could not be read.
    public var method: Method?
    /// The target as it was sent; nil when the request line could not be read.
    public var target: String?
    /// The template of the route, for counters without an unbounded set of names; nil without one.
    public var template: String?
    /// The answer's status.
    public var status: Status
    /// What the handler says of the answer to the observer; nil for nothing.
    public var note: String?
    /// The bytes of the answer's body.
    public var bodyBytes: Int
    /// From the first byte of the request to the last of the answer being handed over.
    public var duration: Duration
    /// Whether the client left, or was cut off, before the answer was complete.
    public var isAborted: Bool
}

/// A fault of the server or of a handler.
public struct HTTPServerFailure: Sendable {
    /// What was being done, such as `accept`.
    public var operation: String
    /// What happened, as a sentence.
    public var detail: String
}
