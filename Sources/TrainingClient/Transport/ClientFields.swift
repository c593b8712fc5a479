/// The fields of a request or a response (RFC 9110, section 5), in the order in which they were sent.
public struct ClientFields: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// Every name with its value.
    public private(set) var pairs: [(name: String, value: String)] = []

    /// Makes fields in the order of the literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { (name: $0.0, value: $0.1) }
    }

    /// The first value under `name`, whatever the case of its letters; setting it replaces all of them.
    public subscript(name: String) -> String? {
        get { pairs.first { Self.isSame($0.name, name) }?.value }
        set {
            pairs.removeAll { Self.isSame($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// Adds a field at the end, beside others of the same name.
    public mutating func append(_ name: String, _ value: String) {
        pairs.append((name: name, value: value))
    }

    /// Whether two lists hold the same fields in the same order; names compare by their bytes.
    public static func == (left: ClientFields, right: ClientFields) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Hashes names and values.
    public func hash(into hasher: inout Hasher) {
        for pair in pairs {
            hasher.combine(pair.name)
            hasher.combine(pair.value)
        }
    }

    /// The first field that would not stay one line of a request, if any.
    var firstUnsendable: String? {
        pairs.first { pair in
            pair.name.isEmpty || !pair.name.utf8.allSatisfy(Self.isTokenByte)
                || !pair.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
        }?.name
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
