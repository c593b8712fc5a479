/// Counts the requests of each client against a rate, as buckets that fill evenly.
///
/// A bucket holds two seconds' worth: a client that was quiet may send that many at once.
struct RateLimiter {
    private struct Bucket {
        var level: Double
        var filledAt: ContinuousClock.Instant
    }

    private var buckets: [String: Bucket] = [:]

    /// Takes one request out of a client's bucket.
    ///
    /// - Parameters:
    ///   - client: Whose bucket.
    ///   - rate: The requests a second that it may send.
    ///   - now: The time.
    /// - Returns: nil where there was one; else how long it takes until there is.
    mutating func take(
        _ client: String,
        rate: Int,
        at now: ContinuousClock.Instant
    ) -> Duration? {
        let rate = Double(rate)
        var bucket = buckets[client] ?? Bucket(level: 2 * rate, filledAt: now)
        bucket.level = min(2 * rate, bucket.level + (now - bucket.filledAt) / .seconds(1) * rate)
        bucket.filledAt = now
        let isThere = bucket.level >= 1
        let wait = isThere ? nil : Duration.seconds((1 - bucket.level) / rate)
        if isThere { bucket.level -= 1 }
        buckets[client] = bucket
        return wait
    }

    /// Forgets clients that there are no more.
    mutating func keep(_ clients: Set<String>) {
        buckets = buckets.filter { clients.contains($0.key) }
    }
}
