/// A path with names in it, such as `/v1/jobs/{id}/metrics`.
struct RouteTemplate: Sendable, Hashable {
    enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String)
    }

    let text: String
    let segments: [Segment]

    /// Reads a template; one that is malformed is a caller's bug and traps.
    init(_ text: String) {
        precondition(text.hasPrefix("/"), "a template must begin with \"/\", got \"\(text)\"")
        self.text = text
        segments = text.split(separator: "/").map { part in
            guard part.hasPrefix("{") else {
                precondition(
                    !part.contains { "{}%?#".contains($0) },
                    "a template's segment is plain text or one {name}, got \"\(part)\""
                )
                return .literal(String(part))
            }
            precondition(part.hasSuffix("}") && part.count > 2, "\"\(part)\" must be a {name}")
            return .parameter(String(part.dropFirst().dropLast()))
        }
        let joined = text.split(separator: "/").joined(separator: "/")
        precondition("/" + joined == text, "\"\(text)\" must not have empty segments")
        precondition(Set(names).count == names.count, "\"\(text)\" uses a name twice")
    }

    /// The parameters' names, from left to right.
    var names: [String] {
        segments.compactMap { segment in
            guard case .parameter(let name) = segment else { return nil }
            return name
        }
    }
}
