import Foundation

extension StateChange {
    /// The change as JSON, from which `JSONDecoder` reads the same again.
    ///
    /// Every job has three of them at least, each written where all wait for the store; `JSONEncoder` took
    /// longer for one than the row does.
    var json: [UInt8] {
        var text = #"{"attempt":\#(attempt),"cause":"\#(cause.rawValue)","crashes":\#(crashes)"#
        Self.append("detail", detail, to: &text)
        if let failure {
            text += #","failure":{"code":"#
            Self.quote(failure.code, to: &text)
            Self.append("detail", failure.detail, to: &text)
            text += "}"
        }
        text += #","fence":\#(fence)"#
        Self.append("host", host, to: &text)
        if let notBefore {
            text += #","notBefore":\#(notBefore.timeIntervalSinceReferenceDate)"#
        }
        text += #","state":"\#(state.rawValue)","step":\#(step)}"#
        return Array(text.utf8)
    }

    /// Appends a member, but where there is no value.
    private static func append(_ name: String, _ value: String?, to text: inout String) {
        guard let value else { return }
        text += ",\"\(name)\":"
        quote(value, to: &text)
    }

    /// Appends a text with what JSON does not take in one escaped (RFC 8259, section 7).
    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
