/// The fields of a message, in their order, with names that compare without case.
///
/// Values given to a response are checked when it is sent: one that holds a line break or another
/// control character would let its author write fields or a body of their own, so the whole
/// response is replaced by a 500 and the observer is told.
public struct Fields: Sendable, ExpressibleByDictionaryLiteral {
    /// One line of a header section.
    public struct Field: Sendable, Hashable {
        /// The name as it was written.
        public var name: String
        /// The value without the blanks around it.
        public var value: String

        /// Pairs a name and a value as they are.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    private var fields: [Field] = []

    /// Holds no field.
    public init() {}

    /// Holds the literal's fields in their order, doubles included.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value under a name; setting replaces all of them, and nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.matches($0.name, name) }?.value }
        set {
            if let newValue {
                set(name, newValue)
            } else {
                fields.removeAll { Self.matches($0.name, name) }
            }
        }
    }

    /// Every value under a name, in order; a list that was split over lines stays split.
    public func values(for name: String) -> [String] {
        fields.compactMap { Self.matches($0.name, name) ? $0.value : nil }
    }

    /// Adds a line at the end, beside those that have the same name.
    public mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Makes this the only value under the name; it takes the place of the first one.
    public mutating func set(_ name: String, _ value: String) {
        guard let place = fields.firstIndex(where: { Self.matches($0.name, name) }) else {
            return append(name, value)
        }
        fields[place].value = value
        var index = fields.count - 1
        while index > place {
            if Self.matches(fields[index].name, name) { fields.remove(at: index) }
            index -= 1
        }
    }

    /// Whether two names are one when letters of ASCII are compared without case.
    static func matches(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).allSatisfy { $0 == $1 || $0.lowercased == $1.lowercased }
    }
}

extension Fields: RandomAccessCollection {
    /// The place of the first field, 0.
    public var startIndex: Int { 0 }
    /// The place behind the last field.
    public var endIndex: Int { fields.count }
    /// The field at a place.
    public subscript(position: Int) -> Field { fields[position] }
}
