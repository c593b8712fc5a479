/// A value read from JSON or YAML, with its place in the text.
///
/// Both formats become this one tree, so that one decoder serves both and every fault can name a
/// pointer, a line and a column.
public struct Document: Hashable, Sendable {
    /// What kinds of value a document holds.
    public indirect enum Value: Hashable, Sendable {
        /// `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A number written without fraction or exponent that fits 64 bits.
        case integer(Int)
        /// Any other number; finite.
        case number(Double)
        /// Text.
        case string(String)
        /// Values in order.
        case array([Document])
        /// Members in the order in which they were written.
        case object([Member])
    }

    /// A name and its value in an object.
    public struct Member: Hashable, Sendable {
        /// The name.
        public let name: String
        /// Where the name stands in the text.
        public let position: Position
        /// The value.
        public let value: Document

        /// Makes a member.
        public init(name: String, position: Position = .unknown, value: Document) {
            self.name = name
            self.position = position
            self.value = value
        }

        /// Whether two members have the same name and value, wherever they stand.
        public static func == (left: Member, right: Member) -> Bool {
            left.name == right.name && left.value == right.value
        }

        /// Hashes the name and the value alone.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(value)
        }
    }

    /// A place in a text.
    public struct Position: Hashable, Sendable {
        /// The line, from 1; 0 where the place is not known.
        public let line: Int32
        /// The column in Unicode scalars, from 1; 0 where the place is not known.
        public let column: Int32

        /// The place of what was not read from a text.
        public static let unknown = Position(line: 0, column: 0)

        /// Makes a position.
        public init(line: Int32, column: Int32) {
            self.line = line
            self.column = column
        }
    }

    /// The value.
    public let value: Value
    /// Where the value begins in the text.
    public let position: Position

    /// Makes a document that holds `value`.
    public init(_ value: Value, at position: Position = .unknown) {
        self.value = value
        self.position = position
    }

    /// The first member called `name`, where this is an object that has one.
    public subscript(name: String) -> Document? {
        guard case .object(let members) = value else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The member called `name` of an object, or the item of that index of a list.
    func child(_ name: String) -> Document? {
        guard let array else { return self[name] }
        guard let index = Int(name), array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// Whether two documents hold the same value, wherever they stand.
    public static func == (left: Document, right: Document) -> Bool {
        left.value == right.value
    }

    /// Hashes the value alone.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
    }
}

extension Document {
    /// What the value is, in the words of an error message: `the string "5"`.
    public var summary: String {
        switch value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text):
            "the string \"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
        case .array(let items): items.isEmpty ? "an empty list" : "a list of \(items.count)"
        case .object: "an object"
        }
    }

    /// The text, where this is a string.
    public var string: String? {
        if case .string(let text) = value { text } else { nil }
    }

    /// The number as a double, where this is a number.
    public var double: Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The items, where this is a list.
    public var array: [Document]? {
        if case .array(let items) = value { items } else { nil }
    }
}
