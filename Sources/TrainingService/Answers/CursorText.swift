internal import Foundation
internal import TrainingAPI

/// A place in a list as an opaque text: JSON in the alphabet of URLs.
enum CursorText {
    /// The text of what `body` writes.
    static func encode(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.object(body)
        return Data(writer.bytes).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
    }

    /// What a text holds; `nil` where no answer can have given it.
    static func decode(_ text: String) -> Document? {
        let base = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = base + String(repeating: "=", count: (4 - base.count % 4) % 4)
        // A text that is no cursor is told by the `nil`.
        return Data(base64Encoded: padded).flatMap { (try? JSONReader.read(Array($0)))?.document }
    }
}
