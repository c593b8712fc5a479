public import Schedules

extension ValueRule<Length> {
    /// A length with its unit.
    public static let length = ValueRule(
        "a length such as {\"steps\": 500}, {\"epochs\": 5}, {\"fraction\": 0.1} or \"10%\"",
        type: "object"
    ) { document, pointer, context in
        Length(document, at: pointer, &context)
    }
}

extension Length: JSONWritable {
    private static let units = ["steps", "epochs", "fraction"]
    private static let stepsField = Field(
        "steps",
        .integer(1...1_000_000_000),
        "Optimizer updates."
    )
    private static let epochsField = Field(
        "epochs",
        .number(above: 0, to: 1_000_000),
        "Passes over the training rows."
    )
    private static let fractionField = Field(
        "fraction",
        .number(above: 0, to: 1),
        "A share of the whole run."
    )

    /// Reads a length in its long or short form, or reports what is wrong with it.
    init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        switch document.value {
        case .integer, .number:
            let detail = "\(document.summary) has no unit; write \(Self.mended(document))"
            context.report(pointer, .type, detail, at: document.position)
            return nil
        case .string(let text):
            guard let length = Length(parsing: text) else {
                context.report(
                    pointer,
                    .type,
                    "\"\(text)\" is no length; write \(ValueRule<Length>.length.expectation)",
                    at: document.position
                )
                return nil
            }
            // The short form has the limits of the long one, in which it is written back.
            let (unit, number) = length.parts
            let limited = Document(number, at: document.position)
            guard let length = Self.read(limited, unit: unit, at: pointer, &context) else {
                return nil
            }
            self = length
        default:
            guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
            let steps = object.read(Self.stepsField, &context)
            let epochs = object.read(Self.epochsField, &context)
            let fraction = object.read(Self.fractionField, &context)
            object.finish(&context)
            let given = Self.units.filter { object.has($0) }
            guard given.count == 1 else {
                context.report(
                    pointer,
                    given.isEmpty ? .missing : .conflict,
                    "a length has exactly one of steps, epochs and fraction"
                        + (given.isEmpty ? "" : ", not \(given.joined(separator: " and "))"),
                    at: document.position
                )
                return nil
            }
            if let steps {
                self = .steps(steps)
            } else if let epochs {
                self = .epochs(epochs)
            } else if let fraction {
                self = .fraction(fraction)
            } else {
                return nil
            }
        }
    }

    /// What a number without a unit may have meant.
    private static func mended(_ document: Document) -> String {
        let text = document.summary
        switch document.double ?? 0 {
        case let number where !(number > 0): return ValueRule<Length>.length.expectation
        case ..<1: return "{\"fraction\": \(text)} or {\"epochs\": \(text)}"
        case let number where Int(exactly: number) == nil: return "{\"epochs\": \(text)}"
        default: return "{\"steps\": \(text)} or {\"epochs\": \(text)}"
        }
    }

    /// Reads a length that may be 0: a place on the way rather than a stretch of it.
    init?(
        atOrAfterStart document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) {
        guard document.members?.count == 1, let member = document.members?.first,
            member.value.double == 0
        else {
            self.init(document, at: pointer, &context)
            return
        }
        switch member.name {
        case "steps": self = .steps(0)
        case "epochs": self = .epochs(0)
        case "fraction": self = .fraction(0)
        default: self.init(document, at: pointer, &context)
        }
    }

    /// Reads a list of lengths: a list of them, or one length whose number is a list.
    static func list(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> [Length]? {
        if case .object(let members) = document.value, members.count == 1,
            let member = members.first, units.contains(member.name),
            let numbers = member.value.array
        {
            let place = pointer.appending(member.name)
            let lengths = numbers.enumerated().map { index, number in
                read(number, unit: member.name, at: place.appending(index), &context)
            }
            return lengths.contains { $0 == nil } ? nil : lengths.compactMap { $0 }
        }
        guard let items = document.array else {
            context.report(
                pointer,
                .type,
                "must be a list of lengths, such as {\"epochs\": [30, 60]}, not \(document.summary)",
                at: document.position
            )
            return nil
        }
        let lengths = items.enumerated().map { Length($1, at: pointer.appending($0), &context) }
        return lengths.contains { $0 == nil } ? nil : lengths.compactMap { $0 }
    }

    /// Reads the number of a unit, or reports what is wrong with it.
    private static func read(
        _ number: Document,
        unit: String,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Length? {
        switch unit {
        case "steps": stepsField.rule.read(number, pointer, &context).map { .steps($0) }
        case "epochs": epochsField.rule.read(number, pointer, &context).map { .epochs($0) }
        default: fractionField.rule.read(number, pointer, &context).map { .fraction($0) }
        }
    }

    /// The unit and the number of the long form.
    private var parts: (unit: String, number: Document.Value) {
        switch self {
        case .steps(let count): ("steps", .integer(count))
        case .epochs(let count): ("epochs", .number(count))
        case .fraction(let share): ("fraction", .number(share))
        }
    }

    /// Writes the long form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .steps(let count): writer.field("steps", count)
            case .epochs(let count): writer.field("epochs", count)
            case .fraction(let share): writer.field("fraction", share)
            }
        }
    }
}
