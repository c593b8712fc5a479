/// Lenient reading, for bodies that the other side of the protocol wrote.
extension Document {
    /// The number, where this is a whole one.
    public var integer: Int? {
        switch value {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The flag, where this is one.
    public var bool: Bool? {
        if case .bool(let flag) = value { flag } else { nil }
    }

    /// The members, where this is an object.
    public var members: [Member]? {
        if case .object(let members) = value { members } else { nil }
    }

    /// The members as a dictionary of text, where this is an object of text.
    public var strings: [String: String]? {
        guard let members else { return nil }
        var strings: [String: String] = [:]
        for member in members {
            guard let text = member.value.string else { return nil }
            strings[member.name] = text
        }
        return strings
    }
}
