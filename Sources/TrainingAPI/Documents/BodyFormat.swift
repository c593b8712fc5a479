/// The format of a body, by its media type.
public enum BodyFormat: Sendable {
    /// `application/json`.
    case json
    /// `application/yaml`.
    case yaml

    /// The format that a `Content-Type` names; `nil` where nothing reads it.
    public init?(mediaType: String) {
        // What nearly every client sends.
        if mediaType == "application/json" {
            self = .json
            return
        }
        let type = mediaType.prefix { $0 != ";" }.lowercased()
        switch String(type).filter({ !$0.isWhitespace }) {
        case "application/json", "text/json": self = .json
        case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml": self = .yaml
        default: return nil
        }
    }

    /// Reads the one value of `bytes`.
    ///
    /// - Parameter bytes: The text, UTF-8.
    /// - Returns: The value, and the faults that do not keep it from being read.
    /// - Throws: `DocumentError` where the text is not such a document.
    public func read(
        _ bytes: [UInt8]
    ) throws(DocumentError) -> (document: Document, faults: [Fault]) {
        switch self {
        case .json:
            return try JSONReader.read(bytes)
        case .yaml:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw DocumentError(
                    detail: "the text is not well-formed UTF-8",
                    position: .unknown
                )
            }
            return try YAMLReader.read(text)
        }
    }
}
