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
