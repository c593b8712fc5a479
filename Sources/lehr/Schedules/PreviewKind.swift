import TrainingAPI

/// A kind of schedule as it is named on the command line: `cosine`, or `step(every=10%, factor=0.5)`.
struct PreviewKind {
    /// The text, which is the curve's name.
    let label: String
    /// The kind and the fields in brackets, as fields of a preview's schedule.
    let assignments: [Assignment]

    /// Reads a kind with its own fields.
    ///
    /// - Throws: `PreviewDraft.Failure` or `Assignment.Failure` where the text is neither.
    init(_ text: String) throws {
        label = text
        let name = text.prefix { $0 != "(" }
        let type = Assignment(
            origin: text,
            path: ["schedule", "type"],
            .string(name.filter { !$0.isWhitespace })
        )
        guard name.count < text.count else {
            assignments = [type]
            return
        }
        guard text.hasSuffix(")") else {
            throw PreviewDraft.Failure(
                description: "\(text): write fields in brackets, such as "
                    + "step(every=10%, factor=0.5)"
            )
        }
        let fields = Self.parts(text.dropFirst(name.count + 1).dropLast())
        assignments =
            [type]
            + (try fields.map { field in
                let read = try Assignment(field)
                let path = read.path == ["warmup"] ? ["warmup", "length"] : read.path
                return Assignment(origin: text, path: ["schedule"] + path, read.value.value)
            })
    }

    /// The text between commas that stand in no bracket or quote.
    private static func parts(_ text: Substring) -> [String] {
        var parts = [""]
        var depth = 0
        var quote: Character?
        for character in text {
            switch character {
            case _ where quote != nil: if character == quote { quote = nil }
            case "\"", "'": quote = character
            case "[", "{", "(": depth += 1
            case "]", "}", ")": depth -= 1
            case "," where depth == 0:
                parts.append("")
                continue
            default: break
            }
            parts[parts.count - 1].append(character)
        }
        return parts.map { String($0.drop { $0.isWhitespace }) }.filter { !$0.isEmpty }
    }
}
