internal import HTTP
internal import Jobs

/// The conditions that a request sets for the change of a document (RFC 9110, section 13.1).
extension DocumentCondition {
    /// Reads `If-Match` and `If-None-Match`; a text that is no tag of this server matches nothing.
    init(_ request: Request) {
        self.init()
        // The comparison for If-Match is strong, so that a weak tag never matches.
        matches = Self.pattern(request.fields.values(for: "If-Match")) { text in
            text.hasPrefix("\"") ? text : nil
        }
        doesNotMatch = Self.pattern(request.fields.values(for: "If-None-Match")) { text in
            text.hasPrefix("W/") ? text.dropFirst(2) : text
        }
    }

    private static func pattern(
        _ lists: [String],
        _ tag: (Substring) -> Substring?
    ) -> Pattern? {
        guard !lists.isEmpty else { return nil }
        let texts = lists.flatMap { $0.split(separator: ",") }.map { item in
            var text = item.drop { $0 == " " || $0 == "\t" }
            while text.last == " " || text.last == "\t" { text.removeLast() }
            return text
        }
        if texts.contains("*") { return .any }
        return .tags(
            Set(
                texts.compactMap(tag).filter { $0.count >= 2 && $0.last == "\"" }.map {
                    String($0.dropFirst().dropLast())
                }
            )
        )
    }
}

extension VersionedDocument {
    /// The strong entity tag of this version.
    var entityTag: String { "\"\(tag)\"" }
}
