/// How long a request may take.
public struct ClientTimeouts: Hashable, Sendable {
    /// From the start until a connection stands, TLS included; at least 1 ms, 5 seconds by default.
    public var connect: Duration
    /// How long the connection may carry nothing; 30 seconds by default.
    ///
    /// Counted in whole seconds, rounded up. A long poll must allow more than the server was asked to
    /// wait.
    public var idle: Duration
    /// From the start to the last byte of the answer; 60 seconds by default, `nil` is without end.
    public var total: Duration?

    /// Makes timeouts.
    public init(
        connect: Duration = .seconds(5),
        idle: Duration = .seconds(30),
        total: Duration? = .seconds(60)
    ) {
        self.connect = connect
        self.idle = idle
        self.total = total
    }

    /// The timeouts of a request that the server may hold for `wait` before it answers.
    public func waiting(_ wait: Duration) -> ClientTimeouts {
        ClientTimeouts(connect: connect, idle: idle + wait, total: total.map { $0 + wait })
    }
}

extension Duration {
    /// The length in whole milliseconds, rounded up; at least 1.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        let whole = Int(clamping: seconds).multipliedReportingOverflow(by: 1000)
        guard !whole.overflow else { return .max }
        return max(
            1,
            whole.partialValue + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
        )
    }
}
