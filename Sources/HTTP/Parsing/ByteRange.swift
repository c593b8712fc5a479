/// The one range of bytes that a request asks for (RFC 9110, section 14.1.2).
public enum ByteRange: Hashable, Sendable {
    /// From an offset on, to the end or through an offset that belongs to it.
    case from(Int, through: Int?)
    /// The last bytes, this many.
    case last(Int)

    /// Reads the `Range` field; `nil` for what a server may ignore and this one does: no field or several,
    /// another unit, several ranges, and what is malformed or ends before it begins.
    ///
    /// A number beyond 2^63 - 1 stands for the largest that there is.
    ///
    /// - Parameter fields: The request's fields.
    public init?(_ fields: Fields) {
        let values = fields.values(for: "Range")
        guard values.count == 1, let value = values.first?.utf8,
            let equals = value.firstIndex(of: UInt8(ascii: "=")),
            value[..<equals].map(\.lowercased).elementsEqual("bytes".utf8)
        else { return nil }
        let set = value[value.index(after: equals)...]
        // Blanks belong to the commas of a list, of which elements may be empty (section 5.6.1).
        guard set.first?.isBlank == false else { return nil }
        let ranges = set.split(separator: UInt8(ascii: ",")).map(Self.trimmed).filter {
            !$0.isEmpty
        }
        guard ranges.count == 1, let range = ranges.first,
            let dash = range.firstIndex(of: UInt8(ascii: "-"))
        else { return nil }
        let (first, last) = (range[..<dash], range[range.index(after: dash)...])
        if first.isEmpty {
            guard let count = Self.number(last) else { return nil }
            self = .last(count)
            return
        }
        guard let start = Self.number(first) else { return nil }
        if last.isEmpty {
            self = .from(start, through: nil)
            return
        }
        guard let end = Self.number(last), start <= end else { return nil }
        self = .from(start, through: end)
    }

    /// The bytes of a content that the range selects.
    ///
    /// - Parameter size: The content's length in bytes.
    /// - Returns: `nil` where the range begins behind the content, or selects nothing of it.
    public func resolved(in size: Int) -> Range<Int>? {
        let bytes =
            switch self {
            case .from(let start, let end): start..<max(start, min(end ?? size, size - 1) + 1)
            case .last(let count): max(0, size - count)..<size
            }
        return bytes.lowerBound < size && !bytes.isEmpty ? bytes : nil
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text.drop(while: \.isBlank)
        while text.last?.isBlank == true { text.removeLast() }
        return text
    }

    /// The value of one digit or more; `nil` for anything else.
    private static func number(_ digits: Substring.UTF8View) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
        return Int(Substring(digits)) ?? .max
    }
}
