internal import Foundation

extension Double {
    /// The shortest text that reads back to the same double, without a trailing `.0`: `5`, `0.1`, `1e-05`.
    var plain: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// At most six significant digits for sentences, small numbers as people write them: `0.312`, `1e-3`.
    var brief: String {
        guard isFinite, self != 0 else { return plain }
        if abs(self) >= 0.01, abs(self) < 1e6 { return String(format: "%.6g", self) }
        let parts = String(format: "%.5e", self).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return plain }
        var digits = parts[0]
        while digits.hasSuffix("0") { digits.removeLast() }
        if digits.hasSuffix(".") { digits.removeLast() }
        return "\(digits)e\(exponent)"
    }
}
