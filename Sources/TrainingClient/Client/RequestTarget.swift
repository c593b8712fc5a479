/// A path below a server's address, with a query.
struct RequestTarget: Hashable, Sendable, CustomStringConvertible {
    private(set) var description: String
    private var hasQuery = false

    /// Makes the target `/v1/SEGMENT/SEGMENT…`; each segment is encoded by itself.
    init(_ segments: String...) {
        description = segments.reduce("/v1") { "\($0)/\(Self.encoded($1))" }
    }

    /// Adds a pair to the query.
    mutating func append(_ name: String, _ value: String) {
        description += "\(hasQuery ? "&" : "?")\(Self.encoded(name))=\(Self.encoded(value))"
        hasQuery = true
    }

    /// Adds a pair where there is a value.
    mutating func append(_ name: String, _ value: Int?) {
        if let value { append(name, "\(value)") }
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
