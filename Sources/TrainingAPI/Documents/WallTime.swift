/// An instant on the wall clock, to the microsecond, from the year 1970 to 9999.
///
/// Source: RFC 3339, section 5.6; leap seconds are refused, since no clock here counts them.
public struct WallTime: Hashable, Sendable {
    /// The microseconds since the beginning of 1970, UTC.
    public let microseconds: Int64

    /// Reads `2026-11-28T03:00:00Z`, with up to nine digits of a second's fraction, and `Z` or an offset
    /// such as `+01:00`; nil for anything else.
    public init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = Self.number(4, &rest), Self.take("-", &rest),
            let month = Self.number(2, &rest), Self.take("-", &rest),
            let day = Self.number(2, &rest), Self.take("Tt ", &rest),
            let hour = Self.number(2, &rest), Self.take(":", &rest),
            let minute = Self.number(2, &rest), Self.take(":", &rest),
            let second = Self.number(2, &rest), let fraction = Self.fraction(&rest),
            let offset = Self.offset(&rest), rest.isEmpty,
            (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let minutes = (Self.days(before: year, month, day) * 24 + hour) * 60 + minute - offset
        let microseconds = Int64(minutes * 60 + second) * 1_000_000 + Int64(fraction)
        guard (0..<Self.end).contains(microseconds) else { return nil }
        self.microseconds = microseconds
    }

    /// The end of the year 9999.
    private static let end: Int64 = 253_402_300_800_000_000

    private static func take(_ choices: StaticString, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let next = rest.first, "\(choices)".utf8.contains(next) else { return false }
        rest.removeFirst()
        return true
    }

    private static func number(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// The microseconds after a point; 0 without one, nil where no digit follows it.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard take(".", &rest) else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let microseconds = (digits + Array(repeating: 0x30, count: 6)).prefix(6)
        return microseconds.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// How many minutes the text is ahead of UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int? {
        if take("Zz", &rest) { return 0 }
        let isBehind = rest.first == UInt8(ascii: "-")
        guard take("+-", &rest), let hours = number(2, &rest), take(":", &rest),
            let minutes = number(2, &rest), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isBehind ? -1 : 1)
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The days from the beginning of 1970.
    private static func days(before year: Int, _ month: Int, _ day: Int) -> Int {
        let full = year - 1
        let years = full * 365 + full / 4 - full / 100 + full / 400 - 719_162
        return years + (1..<month).reduce(0) { $0 + days(in: $1, of: year) } + day - 1
    }
}

extension WallTime: JSONWritable, CustomStringConvertible {
    /// The instant in UTC: `2026-11-28T03:00:00Z`, with six digits of a fraction where there is one.
    public var description: String {
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        var (year, day) = (1970, Int(seconds / 86_400))
        while day >= (Self.isLeap(year) ? 366 : 365) {
            day -= Self.isLeap(year) ? 366 : 365
            year += 1
        }
        var month = 1
        while day >= Self.days(in: month, of: year) {
            day -= Self.days(in: month, of: year)
            month += 1
        }
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let clock = [Int(seconds / 3_600 % 24), Int(seconds / 60 % 60), Int(seconds % 60)]
        return "\(padded(year, 4))-\(padded(month))-\(padded(day + 1))T"
            + clock.map { padded($0) }.joined(separator: ":")
            + (fraction == 0 ? "Z" : ".\(padded(Int(fraction), 6))Z")
    }

    /// Writes the instant in UTC.
    public func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}

extension ValueRule<WallTime> {
    /// An instant, in the form of RFC 3339.
    public static var instant: ValueRule {
        ValueRule(
            "an instant from 1970 to 9999 such as \"2026-11-28T03:00:00Z\"",
            type: "string"
        ) { document in
            guard let text = document.string else { return (nil, .type) }
            return (WallTime(text), .range)
        }
    }
}
