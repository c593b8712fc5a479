internal import Foundation

/// Instants as the API writes them.
enum Instant {
    /// RFC 3339 in UTC with microseconds: `2026-01-31T12:00:00.123456Z`.
    ///
    /// Every job has three; a formatter of Foundation's takes a hundred times as long. A `Date` so far on has
    /// steps of 30 µs: what it rounds up out of the year 9999 is written as that year's end.
    static func text(_ date: Date) -> String {
        let microseconds = min(Int((date.timeIntervalSince1970 * 1e6).rounded()), last)
        let (seconds, fraction) = microseconds.floored(by: 1_000_000)
        let (days, time) = seconds.floored(by: 86_400)
        let (year, month, day) = civil(days)
        return String(unsafeUninitializedCapacity: 27) { text in
            var end = 0
            func put(_ value: Int, _ digits: Int, _ mark: Unicode.Scalar) {
                var rest = value
                for place in (end..<end + digits).reversed() {
                    text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                text[end + digits] = UInt8(ascii: mark)
                end += digits + 1
            }
            put(year, 4, "-")
            put(month, 2, "-")
            put(day, 2, "T")
            put(time / 3_600, 2, ":")
            put(time / 60 % 60, 2, ":")
            put(time % 60, 2, ".")
            put(fraction, 6, "Z")
            return end
        }
    }

    /// The last microsecond of the year 9999, since the beginning of 1970.
    private static let last = 253_402_300_799_999_999

    /// The date of a day in the Gregorian calendar.
    ///
    /// Years begin in March here, so that a leap day is the last of its year.
    ///
    /// - Parameter days: The days since 1970-01-01; the year must lie in 0 to 9999.
    /// - Returns: The year, the month and the day of the month from 1.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        // 400 years have 146,097 days, and 719,468 lie between 0000-03-01 and 1970-01-01.
        let (era, dayOfEra) = (days + 719_468).floored(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Five months from March on have 153 days.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int {
    /// The quotient rounded down and the remainder from 0.
    fileprivate func floored(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
