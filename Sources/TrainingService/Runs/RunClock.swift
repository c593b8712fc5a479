/// How long a job has run, on the server's continuous clock.
///
/// What ran before a restart of the server counts up to the last report that it stored.
struct RunClock: Hashable, Sendable {
    /// How many seconds the job had run when this clock was started.
    let before: Double
    /// How many seconds the job may run; nil for any number.
    let limit: Double?
    private let start: ContinuousClock.Instant

    /// Starts a clock for a job that has run `before` seconds and may run `limit`.
    init(before: Double = 0, limit: Double? = nil, start: ContinuousClock.Instant = .now) {
        self.before = before
        self.limit = limit
        self.start = start
    }

    /// How many seconds the job has run at `now`.
    func seconds(now: ContinuousClock.Instant = .now) -> Double {
        before + (now - start).inSeconds
    }

    /// Whether the job has run for as long as it may at `now`.
    func isOver(now: ContinuousClock.Instant = .now) -> Bool {
        limit.map { seconds(now: now) >= $0 } ?? false
    }
}
