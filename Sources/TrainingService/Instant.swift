internal import Foundation

/// Instants as the API writes them.
enum Instant {
    /// RFC 3339 in UTC with microseconds: `2026-01-31T12:00:00.123456Z`.
    static func text(_ date: Date) -> String {
        let microseconds = Int((date.timeIntervalSince1970 * 1e6).rounded())
        let fraction = String(microseconds % 1_000_000)
        let whole = Date(timeIntervalSince1970: Double(microseconds / 1_000_000))
        let base = whole.ISO8601Format().dropLast()
        return "\(base).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)Z"
    }
}
