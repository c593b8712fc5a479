internal import Foundation

/// A JSON value as a test sees it, read and written without the code under test.
package enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// Any number, as the nearest double.
    case number(Double)
    /// Text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object; the order of its members is not kept.
    case object([String: JSONValue])

    /// Reads JSON text, UTF-8.
    package init(parsing bytes: some Sequence<UInt8>) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    /// The value as JSON text, UTF-8, with members in the order of their names.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// The member `name` of an object; `nil` of anything else.
    package subscript(name: String) -> JSONValue? {
        get { object?[name] }
        set {
            guard var members = object else { return }
            members[name] = newValue
            self = .object(members)
        }
    }

    /// The item at `index` of a list; `nil` where there is none.
    package subscript(index: Int) -> JSONValue? {
        guard let items = array, items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// The truth value, where it is one.
    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The number, where it is one.
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// The number as an integer, where it is a whole one.
    package var integer: Int? { number.flatMap { Int(exactly: $0) } }
    /// The text, where it is one.
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The items, where it is a list.
    package var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    /// The members, where it is an object.
    package var object: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSONValue: Codable {
    /// Reads the value at `decoder`'s place.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            // Another type is not a fault: the next branch asks for it.
            self = .bool(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let items = try? container.decode([JSONValue].self) {
            self = .array(items)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Writes the value; whole numbers without a fraction.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .number(let number):
            if let integer = Int(exactly: number) {
                try container.encode(integer)
            } else {
                try container.encode(number)
            }
        case .string(let text): try container.encode(text)
        case .array(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes `null`.
    package init(nilLiteral: ()) { self = .null }
    /// Makes a truth value.
    package init(booleanLiteral flag: Bool) { self = .bool(flag) }
    /// Makes a number.
    package init(integerLiteral number: Int) { self = .number(Double(number)) }
    /// Makes a number.
    package init(floatLiteral number: Double) { self = .number(number) }
    /// Makes text.
    package init(stringLiteral text: String) { self = .string(text) }
    /// Makes a list.
    package init(arrayLiteral items: JSONValue...) { self = .array(items) }
    /// Makes an object; of two members with one name the latter stays.
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members) { $1 })
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as JSON text.
    package var description: String {
        // Only an infinite number cannot be written; it stands in no document that was read.
        (try? encoded()).map { String(decoding: $0, as: UTF8.self) } ?? "\(self.number ?? .nan)"
    }
}
