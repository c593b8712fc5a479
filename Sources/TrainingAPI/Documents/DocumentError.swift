/// Why a text is not a document at all: it was not read past this place.
public struct DocumentError: Error, Hashable, Sendable {
    /// What is wrong, as a sentence without its full stop.
    public let detail: String
    /// Where it is wrong.
    public let position: Document.Position

    /// Makes an error.
    public init(detail: String, position: Document.Position) {
        self.detail = detail
        self.position = position
    }
}
