package import Foundation

/// Stores keep instants as whole microseconds since 1970, so that what is read back compares equal.
extension Date {
    /// The whole microseconds since 1970, rounded to the nearest.
    package var microsecondsSince1970: Int64 {
        Int64((timeIntervalSince1970 * 1_000_000).rounded())
    }

    /// The instant a number of microseconds after 1970.
    package init(microsecondsSince1970 microseconds: Int64) {
        self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }

    /// The instant that a store would read back.
    var roundedToMicroseconds: Date {
        Date(microsecondsSince1970: microsecondsSince1970)
    }
}

extension Duration {
    /// The whole seconds and their fraction as one number.
    var seconds: TimeInterval {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
