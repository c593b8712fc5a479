extension Document {
    /// The document as YAML 1.2 in block style, which ``YAMLReader`` reads back to the same value.
    ///
    /// Texts are quoted as in JSON unless they are plain words that no reader of YAML takes for something
    /// else.
    public func yaml() -> [UInt8] {
        var lines = ""
        Self.write(self, indent: 0, into: &lines)
        return Array(lines.utf8)
    }

    /// Writes a value that stands on lines of its own.
    private static func write(_ document: Document, indent: Int, into text: inout String) {
        let space = String(repeating: " ", count: indent)
        switch document.value {
        case .object(let members) where !members.isEmpty:
            for member in members {
                text += space + scalar(member.name) + ":"
                writeInner(member.value, indent: indent, into: &text)
            }
        case .array(let items) where !items.isEmpty:
            for item in items {
                text += space + "-"
                writeInner(item, indent: indent, into: &text)
            }
        default: text += space + inline(document) + "\n"
        }
    }

    /// Writes a value behind a name or a dash: on the same line where it fits there.
    private static func writeInner(_ document: Document, indent: Int, into text: inout String) {
        switch document.value {
        case .object(let members) where !members.isEmpty:
            text += "\n"
            write(document, indent: indent + 2, into: &text)
        case .array(let items) where items.contains { $0.isNested }:
            text += "\n"
            write(document, indent: indent + 2, into: &text)
        default: text += " " + inline(document) + "\n"
        }
    }

    /// Whether the value is a list or an object that is not empty.
    private var isNested: Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let items): !items.isEmpty
        default: false
        }
    }

    /// A value on one line.
    private static func inline(_ document: Document) -> String {
        switch document.value {
        case .string(let text): scalar(text)
        case .array(let items): "[" + items.map(inline).joined(separator: ", ") + "]"
        default: String(decoding: document.json(), as: UTF8.self)
        }
    }

    /// A text, plain or quoted.
    private static func scalar(_ text: String) -> String {
        let isWord = text.utf8.enumerated().allSatisfy { place, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "_"):
                true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): place > 0
            default: false
            }
        }
        guard isWord, !text.isEmpty, !reserved.contains(text.lowercased()) else {
            return String(decoding: text.json(), as: UTF8.self)
        }
        return text
    }

    /// Words that some reader of YAML takes for a flag, for nothing or for a number.
    private static let reserved: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
    ]
}
