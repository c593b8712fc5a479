import Synchronization

/// What is told of troubles that come again and again: each kind once a minute, with how many there were.
final class TroubleLog: Sendable {
    /// How long a kind of trouble is not told again.
    private static let silence: Duration = .seconds(60)

    private struct Entry {
        var told: ContinuousClock.Instant
        var untold = 0
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// What to tell of a trouble; nil where its kind was told a moment ago.
    ///
    /// - Parameters:
    ///   - kind: The kind, one of few: an operation, a status.
    ///   - detail: What happened, as a sentence without its full stop.
    ///   - now: Now.
    /// - Returns: The line.
    func line(
        _ kind: String,
        _ detail: @autoclosure () -> String,
        now: ContinuousClock.Instant = .now
    ) -> String? {
        let untold: Int? = entries.withLock { entries in
            guard let entry = entries[kind], now - entry.told < Self.silence else {
                return entries.updateValue(Entry(told: now), forKey: kind)?.untold ?? 0
            }
            entries[kind]?.untold += 1
            return nil
        }
        guard let untold else { return nil }
        let since = untold == 0 ? "" : "; \(untold) more of this kind since it was told last"
        return detail() + since
    }
}
