import TestSupport
import Yams

extension JSONValue {
    /// What keeps a YAML text from being read as JSON.
    struct NotJSON: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads one YAML document by the core schema of YAML 1.2: what is quoted is text.
    init(parsingYAML text: String) throws {
        guard let node = try Yams.compose(yaml: text) else {
            throw NotJSON(description: "the text holds no document")
        }
        try self.init(node)
    }

    private init(_ node: Node) throws {
        switch node {
        case .scalar(let scalar): self.init(scalar)
        case .sequence(let items): self = .array(try items.map { try JSONValue($0) })
        case .mapping(let members):
            self = .object(
                Dictionary(
                    uniqueKeysWithValues: try members.map { name, value in
                        guard let name = name.scalar?.string else {
                            throw NotJSON(description: "a name is not text")
                        }
                        return (name, try JSONValue(value))
                    }
                )
            )
        case .alias:
            throw NotJSON(description: "an alias stands where a value should")
        }
    }

    private init(_ scalar: Node.Scalar) {
        let text = scalar.string
        guard scalar.style == .plain else {
            self = .string(text)
            return
        }
        switch text {
        case "", "~", "null": self = .null
        case "true": self = .bool(true)
        case "false": self = .bool(false)
        default:
            let isNumber = text.wholeMatch(of: /[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?/) != nil
            self = isNumber ? Double(text).map { .number($0) } ?? .string(text) : .string(text)
        }
    }
}
