/// A JSON value inside a larger one that is passed on as it is: text that was written before, or a document
/// that was read.
///
/// A body that carries one is written without reading the text again.
public struct JSONFragment: Sendable {
    private enum Form {
        case text([UInt8])
        case document(Document)
    }

    private let form: Form

    /// Takes a document.
    public init(_ document: Document) {
        form = .document(document)
    }

    /// Writes a value, once for all the bodies that carry it.
    public init(writing value: some JSONWritable) {
        form = .text(value.json())
    }

    /// The value, read where it is text.
    public var document: Document {
        switch form {
        case .document(let document): document
        // What a writer wrote is JSON.
        case .text(let bytes): (try? JSONReader.read(bytes).document) ?? Document(.null)
        }
    }

    /// The member called `name`, where the value is an object that has one.
    public subscript(name: String) -> Document? { document[name] }
}

extension JSONFragment: JSONWritable {
    /// Writes the value.
    public func write(to writer: inout JSONWriter) {
        switch form {
        case .document(let document): document.write(to: &writer)
        case .text(let bytes): writer.raw(bytes)
        }
    }
}

extension JSONFragment: Hashable {
    /// Whether two hold the same value, whether as text or as read.
    public static func == (left: JSONFragment, right: JSONFragment) -> Bool {
        left.document == right.document
    }

    /// Hashes the value alone.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(document)
    }
}
