/// A way to make text stand out.
enum Paint {
    case plain
    case strong
    case faint
    case good
    case bad
    case doubtful
    case accent
    case violet
    case blue
}

/// Puts colour on text, or leaves it as it is.
struct Ink {
    /// Whether colours are wanted and shown.
    let isColored: Bool

    /// The text in its colour.
    func paint(_ text: String, _ paint: Paint) -> String {
        guard isColored, !text.isEmpty, let code = Self.code(of: paint) else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private static func code(of paint: Paint) -> Int? {
        switch paint {
        case .plain: nil
        case .strong: 1
        case .faint: 2
        case .good: 32
        case .bad: 31
        case .doubtful: 33
        case .accent: 36
        case .violet: 35
        case .blue: 34
        }
    }
}
