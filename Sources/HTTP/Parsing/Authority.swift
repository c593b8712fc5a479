/// The `host[:port]` of a `Host` field or an absolute target (RFC 3986 section 3.2).
enum Authority {
    /// The authority in lower case; user information, paths and blanks are refused.
    static func normalized(_ bytes: Span<UInt8>) throws(RequestFault) -> String {
        var end = 0
        if bytes.count > 0, bytes[0] == UInt8(ascii: "[") {
            end = 1
            while end < bytes.count, bytes[end].isAddressByte { end += 1 }
            guard end > 2, end < bytes.count, bytes[end] == UInt8(ascii: "]") else { throw invalid }
            end += 1
        } else {
            while end < bytes.count, bytes[end].isHostByte { end += 1 }
        }
        guard end > 0 else { throw invalid }
        if end < bytes.count {
            guard bytes[end] == UInt8(ascii: ":"), bytes.count - end <= 6 else { throw invalid }
            var port = 0
            for index in (end + 1)..<bytes.count {
                guard bytes[index].isDigit else { throw invalid }
                port = port * 10 + Int(bytes[index] - UInt8(ascii: "0"))
            }
            guard port <= 65_535 else { throw invalid }
        }
        return String(unsafeUninitializedCapacity: bytes.count) { buffer in
            for index in 0..<bytes.count { buffer[index] = bytes[index].lowercased }
            return bytes.count
        }
    }

    /// The host without its port; an IPv6 address keeps its brackets.
    static func host(of authority: String) -> Substring {
        let bytes = authority.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return authority[...] }
        if authority.hasPrefix("["), !authority[..<colon].hasSuffix("]") { return authority[...] }
        return authority[..<colon]
    }

    private static let invalid = RequestFault.malformed(
        "the host must be a name or an address with an optional port"
    )
}

extension UInt8 {
    /// A byte of a registered name or an IPv4 address.
    fileprivate var isHostByte: Bool {
        isDigit || isLetter || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "_") || self == UInt8(ascii: "~")
    }

    /// A byte of an IPv6 address.
    fileprivate var isAddressByte: Bool {
        hexadecimalValue != nil || self == UInt8(ascii: ":") || self == UInt8(ascii: ".")
    }
}
