/// One kind of model, optimizer or the like, as a catalogue shows it.
public struct TypeDescription: Sendable, JSONWritable {
    /// The word that stands in `type`.
    public let name: String
    /// What it is, as a sentence.
    public let summary: String
    /// Its fields beside `type`.
    public let fields: [any DescribedField]

    /// Makes a description.
    public init(name: String, summary: String, fields: [any DescribedField]) {
        self.name = name
        self.summary = summary
        self.fields = fields
    }

    /// Writes the type as a catalogue shows it.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("type", name)
            writer.field("summary", summary)
            writer.name("parameters")
            writer.array { writer in
                for field in fields { field.write(to: &writer) }
            }
        }
    }
}

extension ObjectDecoder {
    /// The description that `type` names, or a fault that lists them all.
    mutating func type(
        among types: [TypeDescription],
        default name: String? = nil,
        _ context: inout DecodingContext
    ) -> String? {
        // A job has several types, nearly all of them right: the list is written for the others alone.
        var quoted: String { types.map { "\"\($0.name)\"" }.joined(separator: ", ") }
        guard let document = document("type") else {
            if let name { return name }
            reportMissing("type", expecting: "one of \(quoted)", &context)
            return nil
        }
        let place = pointer.appending("type")
        guard let text = document.string else {
            let detail = "must be one of \(quoted), not \(document.summary)"
            context.report(place, .type, detail, at: document.position)
            return nil
        }
        guard types.contains(where: { $0.name == text }) else {
            let suggestion = Spelling.suggestion(for: text, among: types.map(\.name))
            let detail = "\"\(text)\" is not one of \(quoted)\(suggestion)"
            context.report(place, .range, detail, at: document.position)
            return nil
        }
        return text
    }
}
