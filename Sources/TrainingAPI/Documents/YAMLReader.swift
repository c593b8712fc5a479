internal import Yams

/// A reader of one YAML document by the core schema of YAML 1.2, as far as a specification needs it.
///
/// Plain scalars are null, booleans (`true`, `false`), integers, numbers or text, as in JSON; quoted
/// ones are always text. Refused with a ``DocumentError``: syntax errors, several documents, names
/// that are not text or stand twice, anchors and aliases, more than 64 levels. Numbers that no double
/// holds are faults.
public enum YAMLReader {
    /// Reads the one document that `text` holds.
    ///
    /// - Parameter text: The text.
    /// - Returns: The value, and the faults that do not keep it from being read.
    /// - Throws: `DocumentError` where the text is not such a document.
    public static func read(
        _ text: String
    ) throws(DocumentError) -> (document: Document, faults: [Fault]) {
        let parser: Yams.Parser
        let root: Node?
        do {
            parser = try Yams.Parser(yaml: text)
            root = try parser.singleRoot()
        } catch let error as YamlError {
            throw documentError(error)
        } catch {
            throw DocumentError(detail: "\(error)", position: .unknown)
        }
        guard let root else {
            throw DocumentError(detail: "the text holds no value", position: .unknown)
        }
        // Nodes hold their anchors weakly; the parser holds them strongly.
        return try withExtendedLifetime(parser) { () throws(DocumentError) in
            var converter = Converter()
            let document = try converter.document(root, at: .root, depth: 0)
            return (document, converter.faults)
        }
    }

    private static func documentError(_ error: YamlError) -> DocumentError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            DocumentError(detail: problem, position: position(mark))
        case .reader(let problem, _, _, _):
            DocumentError(detail: problem, position: .unknown)
        case .duplicatedKeysInMapping(let keys, let context):
            DocumentError(
                detail: "names that stand twice: \(keys.map { "\($0)" }.joined(separator: ", "))",
                position: position(context.mark)
            )
        default:
            DocumentError(detail: "\(error)", position: .unknown)
        }
    }

    fileprivate static func position(_ mark: Mark?) -> Document.Position {
        guard let mark else { return .unknown }
        return Document.Position(
            line: Int32(clamping: mark.line),
            column: Int32(clamping: mark.column)
        )
    }
}

extension YAMLReader {
    private struct Converter {
        var faults: [Fault] = []

        mutating func document(
            _ node: Node,
            at pointer: Pointer,
            depth: Int
        ) throws(DocumentError) -> Document {
            let place = position(node.mark)
            guard depth <= JSONReader.depthLimit else {
                throw DocumentError(
                    detail: "lists and objects may stand at most \(JSONReader.depthLimit) deep",
                    position: place
                )
            }
            guard node.anchor == nil else {
                throw DocumentError(
                    detail: "anchors and aliases are not read; write the value out",
                    position: place
                )
            }
            switch node {
            case .scalar(let scalar):
                return Document(value(of: scalar, at: pointer, place: place), at: place)
            case .sequence(let sequence):
                var items: [Document] = []
                for (index, item) in sequence.enumerated() {
                    items.append(
                        try document(item, at: pointer.appending(index), depth: depth + 1)
                    )
                }
                return Document(.array(items), at: place)
            case .mapping(let mapping):
                var members: [Document.Member] = []
                for (key, value) in mapping {
                    guard case .scalar(let name) = key else {
                        throw DocumentError(
                            detail: "a name must be plain text",
                            position: position(key.mark)
                        )
                    }
                    let child = try document(
                        value,
                        at: pointer.appending(name.string),
                        depth: depth + 1
                    )
                    members.append(
                        Document.Member(
                            name: name.string,
                            position: position(key.mark),
                            value: child
                        )
                    )
                }
                return Document(.object(members), at: place)
            case .alias:
                throw DocumentError(
                    detail: "anchors and aliases are not read; write the value out",
                    position: place
                )
            }
        }

        private mutating func value(
            of scalar: Node.Scalar,
            at pointer: Pointer,
            place: Document.Position
        ) -> Document.Value {
            let text = scalar.string
            guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
            switch text {
            case "", "~", "null", "Null", "NULL": return .null
            case "true", "True", "TRUE": return .bool(true)
            case "false", "False", "FALSE": return .bool(false)
            default: break
            }
            guard text.utf8.allSatisfy(Self.isNumeric), text.utf8.contains(where: Self.isDigit)
            else { return .string(text) }
            if let integer = Int(text) { return .integer(integer) }
            guard let number = Double(text) else { return .string(text) }
            guard number.isFinite else {
                faults.append(
                    Fault(
                        pointer: pointer.description,
                        detail: "the number \(text.prefix(40)) is too large for a double",
                        code: .range,
                        position: place
                    )
                )
                return .number(0)
            }
            return .number(number)
        }

        private static func isDigit(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }

        private static func isNumeric(_ byte: UInt8) -> Bool {
            isDigit(byte) || "+-.eE".utf8.contains(byte)
        }
    }
}
