/// One thing that is wrong with a document, at a place that its author can find.
public struct Fault: Hashable, Sendable {
    /// What kind of fault it is; part of the API, so that programs can tell faults apart.
    public enum Code: String, Hashable, Sendable {
        /// A field that must be given is not.
        case missing
        /// A field that nothing knows.
        case unknown
        /// The same name twice in one object.
        case duplicate
        /// A value of the wrong type, or a text of the wrong form.
        case type
        /// A value of the right type outside its range.
        case range
        /// A value that is fine alone and not beside the others.
        case conflict
    }

    /// The JSON pointer (RFC 6901) of the value; empty for the whole document.
    public let pointer: String
    /// What is wrong and what would be right, as a sentence without its full stop.
    public let detail: String
    /// The kind of fault.
    public let code: Code
    /// Where the value stands in the text.
    public let position: Document.Position

    /// Makes a fault.
    public init(
        pointer: String,
        detail: String,
        code: Code,
        position: Document.Position = .unknown
    ) {
        self.pointer = pointer
        self.detail = detail
        self.code = code
        self.position = position
    }
}

/// A place in a document, from its root.
public struct Pointer: Hashable, Sendable, CustomStringConvertible {
    /// The JSON pointer (RFC 6901); empty for the root.
    public let description: String

    /// The whole document.
    public static let root = Pointer(description: "")

    private init(description: String) {
        self.description = description
    }

    /// The member `name` of the object here.
    public func appending(_ name: String) -> Pointer {
        let escaped =
            name.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
            ? name.replacing("~", with: "~0").replacing("/", with: "~1") : name
        return Pointer(description: "\(description)/\(escaped)")
    }

    /// The item at `index` of the list here.
    public func appending(_ index: Int) -> Pointer {
        Pointer(description: "\(description)/\(index)")
    }

    /// The names and indices from the root on.
    var names: [String] {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard description.utf8.contains(UInt8(ascii: "~")) else { return parts.map(String.init) }
        return parts.map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
    }

    /// The field's path as people write it: `schedule.warmup.length`.
    public var path: String {
        String(description.dropFirst()).replacing("/", with: ".").replacing("~1", with: "/")
            .replacing("~0", with: "~")
    }
}
