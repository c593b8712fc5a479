/// How long a client may take; measured on the continuous clock, to within a quarter of the
/// shortest one, and half a second at most.
public struct HTTPServerDeadlines: Sendable {
    /// From a request's first byte to the end of its head, however many reads it takes.
    ///
    /// 10 s by default. Then 408.
    public var head = Duration.seconds(10)
    /// How long a connection stays open between requests, or before its first.
    ///
    /// 60 s by default.
    public var idle = Duration.seconds(60)
    /// The time for a body apart from ``minimumBodyRate``.
    ///
    /// 10 s by default. Then 408.
    public var body = Duration.seconds(10)
    /// The bytes of body that buy one more second.
    ///
    /// 1,024 by default.
    public var minimumBodyRate = 1_024
    /// The longest that a body may pause, however fast it came before.
    ///
    /// 60 s by default. Then 408.
    public var bodyPause = Duration.seconds(60)
    /// The time for unsent bytes apart from ``minimumWriteRate``, from when the socket first takes
    /// no more.
    ///
    /// 30 s by default. Then the connection is closed.
    public var write = Duration.seconds(30)
    /// The bytes taken by the client that buy one more second.
    ///
    /// 1,024 by default.
    public var minimumWriteRate = 1_024
    /// How long a connection is drained after its final answer.
    ///
    /// 2 s by default.
    public var lingering = Duration.seconds(2)

    /// The defaults named at each deadline.
    public init() {}

    /// How often deadlines are looked at.
    var resolution: Duration {
        let shortest = min(head, idle, body, bodyPause, write, lingering)
        return max(.milliseconds(5), min(.milliseconds(500), shortest / 4))
    }
}
