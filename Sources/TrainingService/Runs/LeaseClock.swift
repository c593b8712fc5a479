internal import Foundation

/// When each live lease ends, on the server's continuous clock.
///
/// Wall time plays no part: it may be set while jobs run. A server that starts gives every lease that it
/// finds a full term.
struct LeaseClock: Sendable {
    /// How long a lease holds without a report or heartbeat.
    let term: Duration
    private var ends: [String: ContinuousClock.Instant] = [:]

    /// Makes a clock for leases of `term`.
    init(term: Duration) {
        self.term = term
    }

    /// Gives the lease a full term from `now`.
    mutating func renew(_ lease: String, now: ContinuousClock.Instant) {
        ends[lease] = now + term
    }

    /// Forgets the lease.
    mutating func remove(_ lease: String) {
        ends[lease] = nil
    }

    /// The leases whose terms are over at `now`.
    func expired(now: ContinuousClock.Instant) -> [String] {
        ends.filter { $0.value <= now }.map(\.key).sorted()
    }
}
