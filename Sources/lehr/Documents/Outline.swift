import TrainingAPI

/// A document as indented lines, the way YAML writes it.
enum Outline {
    /// The lines; lists of plain values and empty objects take one line.
    static func lines(_ document: Document) -> [String] {
        if let inline = inline(document) { return [inline] }
        switch document.value {
        case .object(let members):
            return members.flatMap { member -> [String] in
                let name = text(member.name)
                if let inline = inline(member.value) { return ["\(name): \(inline)"] }
                return ["\(name):"] + lines(member.value).map { "  \($0)" }
            }
        case .array(let items):
            return items.flatMap { item -> [String] in
                lines(item).enumerated().map {
                    $0.offset == 0 ? "- \($0.element)" : "  \($0.element)"
                }
            }
        default: return []
        }
    }

    /// The value in one line, where it has no parts that need lines of their own.
    private static func inline(_ document: Document) -> String? {
        switch document.value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number: String(decoding: document.json(), as: UTF8.self)
        case .string(let string): text(string)
        case .object(let members): members.isEmpty ? "{}" : nil
        case .array(let items):
            items.allSatisfy { isPlain($0) }
                ? "[\(items.compactMap(inline).joined(separator: ", "))]" : nil
        }
    }

    private static func isPlain(_ document: Document) -> Bool {
        switch document.value {
        case .object, .array: false
        default: true
        }
    }

    /// The text, in quotes where YAML would read something else.
    private static func text(_ string: String) -> String {
        let isWord =
            string.first?.isLetter == true
            && string.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0))
            }
            && !["null", "true", "false", "yes", "no", "on", "off"].contains(string.lowercased())
        return isWord ? string : String(decoding: string.json(), as: UTF8.self)
    }
}
