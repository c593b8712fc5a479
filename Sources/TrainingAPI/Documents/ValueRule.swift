/// What a field's value must be, and how it is read.
///
/// One rule serves the decoder, which enforces it, and the catalogues, which describe it.
public struct ValueRule<Value: Sendable>: Sendable {
    /// What is right, as it ends the sentence "must be …": `a whole number from 1 to 10`.
    public let expectation: String
    /// The JSON type, for catalogues: `number`, `integer`, `boolean`, `string`, `array`, `object`.
    public let type: String
    /// The smallest and largest number, where the value is a number with bounds.
    public let bounds: (minimum: Double?, maximum: Double?)
    /// Whether the bounds themselves are not allowed.
    public let excludes: (minimum: Bool, maximum: Bool)
    /// The words that are allowed, where the value is one of a few.
    public let choices: [String]

    /// Reads a value, or reports its faults and answers `nil`.
    let read: @Sendable (Document, Pointer, inout DecodingContext) -> Value?

    /// Makes a rule from its description and its reader.
    public init(
        _ expectation: String,
        type: String,
        bounds: (minimum: Double?, maximum: Double?) = (nil, nil),
        excludes: (minimum: Bool, maximum: Bool) = (false, false),
        choices: [String] = [],
        read: @escaping @Sendable (Document, Pointer, inout DecodingContext) -> Value?
    ) {
        self.expectation = expectation
        self.type = type
        self.bounds = bounds
        self.excludes = excludes
        self.choices = choices
        self.read = read
    }

    /// A rule whose reader answers `nil` for what is wrong, without saying more than the expectation.
    init(
        _ expectation: String,
        type: String,
        bounds: (minimum: Double?, maximum: Double?) = (nil, nil),
        excludes: (minimum: Bool, maximum: Bool) = (false, false),
        choices: [String] = [],
        convert: @escaping @Sendable (Document) -> (Value?, Fault.Code)
    ) {
        self.init(
            expectation,
            type: type,
            bounds: bounds,
            excludes: excludes,
            choices: choices
        ) { document, pointer, context in
            let (value, code) = convert(document)
            guard let value else {
                let detail = "must be \(expectation), not \(document.summary)"
                context.report(pointer, code, detail, at: document.position)
                return nil
            }
            return value
        }
    }
}

extension ValueRule<Bool> {
    /// `true` or `false`.
    public static var flag: ValueRule {
        ValueRule("true or false", type: "boolean") { document in
            if case .bool(let flag) = document.value { (flag, .type) } else { (nil, .type) }
        }
    }
}

extension ValueRule<Int> {
    /// A whole number in `range`.
    public static func integer(_ range: ClosedRange<Int>) -> ValueRule {
        ValueRule(
            "a whole number from \(grouped(range.lowerBound)) to \(grouped(range.upperBound))",
            type: "integer",
            bounds: (Double(range.lowerBound), Double(range.upperBound))
        ) { document in
            let integer: Int? =
                switch document.value {
                case .integer(let integer): integer
                case .number(let number): Int(exactly: number)
                default: nil
                }
            guard let integer else { return (nil, .type) }
            return range.contains(integer) ? (integer, .range) : (nil, .range)
        }
    }
}

extension ValueRule<Double> {
    /// A number, with the bounds that are given.
    ///
    /// - Parameters:
    ///   - lower: The smallest number allowed.
    ///   - above: The number that the value must exceed.
    ///   - upper: The largest number allowed.
    ///   - below: The number that the value must stay below.
    /// - Returns: The rule.
    public static func number(
        from lower: Double? = nil,
        above: Double? = nil,
        to upper: Double? = nil,
        below: Double? = nil
    ) -> ValueRule {
        let parts = [
            lower.map { "at least \(shortest($0))" }, above.map { "above \(shortest($0))" },
            upper.map { "at most \(shortest($0))" }, below.map { "below \(shortest($0))" },
        ].compactMap { $0 }
        let expectation =
            parts.isEmpty ? "a number" : "a number \(parts.joined(separator: " and "))"
        return ValueRule(
            expectation,
            type: "number",
            bounds: (lower ?? above, upper ?? below),
            excludes: (lower == nil, upper == nil)
        ) { document in
            guard let number = document.double else { return (nil, .type) }
            let isInside =
                number >= lower ?? -.infinity && number <= upper ?? .infinity
                && above.map { number > $0 } ?? true && below.map { number < $0 } ?? true
            return isInside ? (number, .range) : (nil, .range)
        }
    }
}

extension ValueRule<String> {
    /// Text of 1 to `limit` characters without control characters.
    public static func text(limit: Int) -> ValueRule {
        ValueRule("text of 1 to \(grouped(limit)) printable characters", type: "string") {
            document in
            guard let text = document.string else { return (nil, .type) }
            return !text.isEmpty && text.count <= limit && text.isPrintable
                ? (text, .range) : (nil, .range)
        }
    }
}

extension ValueRule<String> {
    /// A line of a log: at most `limit` characters, tabs among them, and none that moves a terminal's
    /// cursor.
    public static func line(limit: Int) -> ValueRule {
        ValueRule("a line of at most \(grouped(limit)) printable characters", type: "string") {
            document in
            guard let text = document.string else { return (nil, .type) }
            let isLine = text.replacing("\t", with: " ").isPrintable
            return isLine && text.count <= limit ? (text, .range) : (nil, .range)
        }
    }
}

extension ValueRule where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words that `Value` lists.
    public static var choice: ValueRule {
        let words = Value.allCases.map(\.rawValue)
        let quoted = words.map { "\"\($0)\"" }
        return ValueRule(
            words.count == 1 ? quoted[0] : "one of \(quoted.joined(separator: ", "))",
            type: "string",
            choices: words
        ) { document, pointer, context in
            guard let text = document.string else {
                let detail =
                    "must be one of \(quoted.joined(separator: ", ")), not \(document.summary)"
                context.report(pointer, .type, detail, at: document.position)
                return nil
            }
            if let value = Value(rawValue: text) { return value }
            context.report(
                pointer,
                .range,
                "\"\(text)\" is not one of \(quoted.joined(separator: ", "))"
                    + Spelling.suggestion(for: text, among: words),
                at: document.position
            )
            return nil
        }
    }
}

extension ValueRule {
    /// A list of `count` values that each keep `rule`.
    public static func list<Item>(
        of rule: ValueRule<Item>,
        count: ClosedRange<Int>
    ) -> ValueRule where Value == [Item] {
        let size =
            count.lowerBound == count.upperBound
            ? "\(count.lowerBound)" : "\(count.lowerBound) to \(grouped(count.upperBound))"
        let expectation = "a list of \(size) items, each \(rule.expectation)"
        return ValueRule(expectation, type: "array") { document, pointer, context in
            guard let items = document.array, count.contains(items.count) else {
                let detail = "must be \(expectation), not \(document.summary)"
                let code: Fault.Code = document.array == nil ? .type : .range
                context.report(pointer, code, detail, at: document.position)
                return nil
            }
            var values: [Item] = []
            values.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                guard let value = rule.read(item, pointer.appending(index), &context) else {
                    continue
                }
                values.append(value)
            }
            return values.count == items.count ? values : nil
        }
    }

    /// `null`, or a value that keeps this rule.
    public func orNull() -> ValueRule<Value?> {
        ValueRule<Value?>(
            "null or \(expectation)",
            type: type,
            bounds: bounds,
            excludes: excludes,
            choices: choices
        ) { document, pointer, context in
            if case .null = document.value { return .some(nil) }
            return read(document, pointer, &context).map { .some($0) }
        }
    }
}

extension String {
    /// Whether the text holds no control characters.
    var isPrintable: Bool {
        // The tables of Unicode are asked for what is not plain ASCII.
        utf8.allSatisfy { (0x20..<0x7F).contains($0) }
            || unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}

/// A whole number with its digits in groups: `16,384`.
func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
        text.append(digit)
    }
    return number < 0 ? "-" + text : text
}

/// A number in the shortest form that reads back to the same double.
func shortest(_ number: Double) -> String {
    var writer = JSONWriter(capacity: 24)
    writer.number(number)
    return String(decoding: writer.bytes, as: UTF8.self)
}
