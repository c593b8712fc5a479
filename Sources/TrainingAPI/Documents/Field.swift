/// A named field of an object: its rule, its default and what it means.
///
/// The same value decodes the field and describes it in a catalogue, so that the two cannot differ.
public struct Field<Value: Sendable>: Sendable {
    /// The field's name.
    public let name: String
    /// What its value must be.
    public let rule: ValueRule<Value>
    /// What it means, as a sentence.
    public let summary: String
    /// The value where the field is absent; `nil` where it must be given or its absence means something.
    public let defaultValue: Value?
    /// The default as JSON; `nil` where there is none.
    let defaultText: [UInt8]?

    /// Makes a field without a default.
    public init(_ name: String, _ rule: ValueRule<Value>, _ summary: String) {
        self.name = name
        self.rule = rule
        self.summary = summary
        defaultValue = nil
        defaultText = nil
    }

    /// Makes a field with a default.
    public init(
        _ name: String,
        _ rule: ValueRule<Value>,
        default value: Value,
        _ summary: String
    ) where Value: JSONWritable {
        self.name = name
        self.rule = rule
        self.summary = summary
        defaultValue = value
        defaultText = value.json()
    }
}

/// A field whose type of value does not matter, for lists of fields.
public protocol DescribedField: Sendable, JSONWritable {
    /// The field's name.
    var name: String { get }
}

extension Field: DescribedField {
    /// Writes the field as a catalogue shows it.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("type", rule.type)
            writer.field("summary", summary)
            writer.field("expects", rule.expectation)
            if let minimum = rule.bounds.minimum {
                writer.field(rule.excludes.minimum ? "exclusive_minimum" : "minimum", minimum)
            }
            if let maximum = rule.bounds.maximum {
                writer.field(rule.excludes.maximum ? "exclusive_maximum" : "maximum", maximum)
            }
            if !rule.choices.isEmpty { writer.field("choices", rule.choices) }
            if let defaultText {
                writer.name("default")
                writer.raw(defaultText)
            }
        }
    }
}
