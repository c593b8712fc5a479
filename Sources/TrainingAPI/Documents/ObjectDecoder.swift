/// Reads the fields of one object and reports every fault among them.
///
/// Ask for each field once, then call ``finish(_:)``, which reports the fields that nothing asked for.
public struct ObjectDecoder {
    /// Where the object stands.
    public let pointer: Pointer
    /// Where the object begins in the text.
    public let position: Document.Position
    private let members: [Document.Member]
    private var known: [String] = []

    /// Begins to read `document`, or reports that it is no object.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        if pointer == .root { context.begin(document) }
        guard case .object(let members) = document.value else {
            let detail = "must be an object, not \(document.summary)"
            context.report(pointer, .type, detail, at: document.position)
            return nil
        }
        self.pointer = pointer
        self.members = members
        position = document.position
    }

    /// The value of `name` as it was written, whatever it is.
    public mutating func document(_ name: String) -> Document? {
        known.append(name)
        return members.first { $0.name == name }?.value
    }

    /// Whether `name` is given.
    public func has(_ name: String) -> Bool {
        members.contains { $0.name == name }
    }

    /// The names of the fields that are given.
    var names: [String] { members.map(\.name) }

    /// The value of `field`: as given, its default where it is absent, `nil` where it is faulty or is
    /// absent without a default.
    public mutating func read<Value>(
        _ field: Field<Value>,
        _ context: inout DecodingContext
    ) -> Value? {
        guard let document = document(field.name) else { return field.defaultValue }
        return field.rule.read(document, pointer.appending(field.name), &context)
    }

    /// The value of `field`, which must be given.
    public mutating func require<Value>(
        _ field: Field<Value>,
        _ context: inout DecodingContext
    ) -> Value? {
        if has(field.name) || field.defaultValue != nil { return read(field, &context) }
        known.append(field.name)
        reportMissing(field.name, expecting: field.rule.expectation, &context)
        return nil
    }

    /// Reports that `name` is missing.
    public func reportMissing(
        _ name: String,
        expecting expectation: String,
        _ context: inout DecodingContext
    ) {
        let place = pointer.appending(name)
        context.report(
            place,
            .missing,
            "\(place.path) is missing; it must be \(expectation)",
            at: position
        )
    }

    /// Reports the fields that nothing asked for.
    public func finish(_ context: inout DecodingContext) {
        guard context.refusesUnknown else { return }
        for member in members where !known.contains(member.name) {
            let place = pointer.appending(member.name)
            let advice =
                Synonyms.advice(for: member.name, in: pointer)
                ?? Spelling.suggestion(for: member.name, among: known)
            let detail = "\(place.path) is not a field"
            let rest =
                advice.isEmpty && !known.isEmpty
                ? "; the fields here are \(known.sorted().joined(separator: ", "))" : advice
            context.report(place, .unknown, detail + rest, at: member.position)
        }
    }
}
