import Foundation

/// Numbers as people read them.
enum NumberText {
    /// A loss or a rate with up to four significant digits: `0.0713`, `3.2e-5`, `12,400`.
    static func value(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-∞" : "∞" }
        let magnitude = abs(value)
        if magnitude >= 10_000, magnitude < 1e15 { return count(Int(value.rounded())) }
        return significant(value, "%.4g")
    }

    /// A value beside an axis: three significant digits in at most nine characters.
    static func mark(_ value: Double) -> String {
        significant(value, "%.3g")
    }

    private static func significant(_ value: Double, _ format: String) -> String {
        let text = String(format: format, value)
        guard let mark = text.firstIndex(of: "e"),
            let exponent = Int(text[text.index(after: mark)...])
        else { return text }
        return "\(text[..<mark])e\(exponent)"
    }

    /// A whole number with its thousands set apart: `1,434`.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-\(text)" : text
    }

    /// A share of one as a whole percentage that says 100 only of the whole: `34 %`.
    static func percentage(_ fraction: Double) -> String {
        "\(Int((min(max(fraction, 0), 1) * 100).rounded(.down))) %"
    }

    /// A number of epochs with at most one digit behind the point: `3.4`, `10`.
    static func epochs(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded(.down))
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// A length of time by its two largest units: `0.4 s`, `8 s`, `1 min 03 s`, `2 h 05 min`, `3 d 4 h`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "?" }
        if seconds < 9.95 { return String(format: "%.1f s", seconds) }
        let whole = Int(min(seconds, 1e12).rounded())
        let (minutes, hours, days) = (whole / 60, whole / 3600, whole / 86_400)
        if minutes == 0 { return "\(whole) s" }
        if hours == 0 { return "\(minutes) min \(twoDigits(whole % 60)) s" }
        if days == 0 { return "\(hours) h \(twoDigits(minutes % 60)) min" }
        return "\(days) d \(hours % 24) h"
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
