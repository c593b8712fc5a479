/// A parameter of a library's scheduler as it is written in JSON or Python.
public enum LibraryValue: Hashable, Sendable {
    /// `null`, `None`.
    case null
    /// `true`, `False`.
    case flag(Bool)
    /// A number, whole or not.
    case number(Double)
    /// A text.
    case text(String)
    /// A list or tuple.
    case list([LibraryValue])
    /// An object, dictionary or nested scheduler.
    case object([String: LibraryValue])
}

extension LibraryValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral
{
    /// Makes `null`.
    public init(nilLiteral: ()) { self = .null }
    /// Makes a truth value.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
    /// Makes a number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Makes a number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// Makes a text.
    public init(stringLiteral value: String) { self = .text(value) }
}

extension LibraryValue: CustomStringConvertible {
    /// The value as a sentence names it.
    public var description: String {
        switch self {
        case .null: "null"
        case .flag(let flag): "\(flag)"
        case .number(let number): number.plain
        case .text(let text): "\"\(text)\""
        case .list(let items): "[\(items.map(\.description).joined(separator: ", "))]"
        case .object(let fields):
            "{\(fields.keys.sorted().map { "\($0): \(fields[$0, default: nil])" }.joined(separator: ", "))}"
        }
    }
}

extension LibraryValue: Codable {
    /// Reads any JSON value.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError` where it is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
            return
        }
        // Each kind in turn: that a value is of another kind is no failure until the last.
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let items = try? container.decode([LibraryValue].self) {
            self = .list(items)
        } else {
            self = .object(try container.decode([String: LibraryValue].self))
        }
    }

    /// Writes the value.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let items): try container.encode(items)
        case .object(let fields): try container.encode(fields)
        }
    }
}

extension LibraryValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// Makes a list.
    public init(arrayLiteral elements: LibraryValue...) { self = .list(elements) }
    /// Makes an object; of equal keys the last counts.
    public init(dictionaryLiteral elements: (String, LibraryValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
