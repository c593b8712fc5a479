/// The `%41` notation of targets (RFC 3986 section 2.1), decoded strictly.
enum PercentCoding {
    /// The text that one segment, name or value stands for.
    ///
    /// Refused: `%` without two hexadecimal digits, control characters, bytes that are not UTF-8.
    static func decode(
        _ bytes: Span<UInt8>,
        plusIsSpace: Bool
    ) throws(RequestFault) -> String {
        var isPlain = true
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") && plusIsSpace {
                isPlain = false
                break
            }
        }
        if isPlain { return String(ascii: bytes) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, let high = bytes[index + 1].hexadecimalValue,
                    let low = bytes[index + 2].hexadecimalValue
                else { throw .malformed("\"%\" in the target must have two hexadecimal digits") }
                byte = high << 4 | low
                guard byte >= 0x20, byte != 0x7F else {
                    throw .malformed("the target must not have encoded control characters")
                }
                index += 2
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                byte = .space
            }
            decoded.append(byte)
            index += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw .malformed("percent-encoded bytes in the target must be UTF-8")
        }
        return text
    }
}
