/// For how long a server has been away, in time that passes, however long each try takes.
struct ServerAbsence {
    private let clock: any Clock<Duration>
    private var elapsed: (() -> Duration)?

    /// A server that is there.
    init(_ clock: any Clock<Duration>) {
        self.clock = clock
    }

    /// The time since the first try that failed; zero while the server is there.
    var duration: Duration { elapsed?() ?? .zero }

    /// Notes a try that failed; tells whether it is the first one since the server was there.
    mutating func note() -> Bool {
        guard elapsed == nil else { return false }
        elapsed = Self.stopwatch(clock)
        return true
    }

    /// Notes that the server is there.
    mutating func end() {
        elapsed = nil
    }

    private static func stopwatch<C: Clock>(
        _ clock: C
    ) -> () -> Duration where C.Duration == Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
