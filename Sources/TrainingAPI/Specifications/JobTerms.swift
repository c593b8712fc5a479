/// What every job has, whatever its work: what people call it, and how the queue treats it.
public struct JobTerms: Hashable, Sendable {
    /// What people call the job; not unique.
    public var name: String?
    /// What people sort jobs by.
    public var labels: [String: String]
    /// What people want to remember.
    public var notes: String?
    /// Where the job stands in the queue: each point is worth ten minutes of waiting.
    public var priority: Int
    /// How often the job may be tried before an error ends it.
    public var maximumAttempts: Int
    /// How many seconds the job may run, all its runs together; `nil` for any number.
    public var maximumSeconds: Double?
    /// Before when the job must not start; `nil` for at once.
    public var notBefore: WallTime?
    /// When states are saved, and how many are kept.
    public var checkpoint: CheckpointSpecification
}

extension JobTerms {
    private static let nameField = Field("name", .text(limit: 200), "What people call the job.")
    private static let labelsField = Field(
        "labels",
        .labels,
        default: [:],
        "What people sort jobs by: up to 64 names with texts."
    )
    private static let notesField = Field(
        "notes",
        .prose(limit: 10_000),
        "What people want to remember."
    )
    private static let priorityField = Field(
        "priority",
        .integer(-1_000...1_000),
        default: 0,
        "The place in the queue: each point is worth ten minutes of waiting."
    )
    private static let attemptsField = Field(
        "maximum_attempts",
        .integer(1...100),
        default: 3,
        "How often the job may be tried before an error ends it."
    )
    private static let secondsField = Field(
        "maximum_seconds",
        ValueRule<Double>.number(above: 0, to: 31_536_000).orNull(),
        "How many seconds the job may run, all its runs together; any number by default."
    )
    private static let notBeforeField = Field(
        "not_before",
        ValueRule<WallTime>.instant.orNull(),
        "Before when the job must not start; at once by default."
    )

    /// Reads the fields among those of a job, or reports what is wrong with them.
    init?(_ object: inout ObjectDecoder, _ context: inout DecodingContext) {
        let name = object.read(Self.nameField, &context)
        let labels = object.read(Self.labelsField, &context)
        let notes = object.read(Self.notesField, &context)
        let priority = object.read(Self.priorityField, &context)
        let attempts = object.read(Self.attemptsField, &context)
        let maximumSeconds = object.read(Self.secondsField, &context) ?? nil
        let notBefore = object.read(Self.notBeforeField, &context) ?? nil
        let checkpoint = object.optionalObject(
            "checkpoint",
            default: CheckpointSpecification(),
            &context
        ) { CheckpointSpecification($0, at: $1, &$2) }
        guard let labels, let priority, let attempts, let checkpoint else { return nil }
        self.init(
            name: name,
            labels: labels,
            notes: notes,
            priority: priority,
            maximumAttempts: attempts,
            maximumSeconds: maximumSeconds,
            notBefore: notBefore,
            checkpoint: checkpoint
        )
    }

    /// Writes the name into the object of the job, where there is one.
    func writeName(to writer: inout JSONWriter) {
        if let name { writer.field(Self.nameField.name, name) }
    }

    /// Writes the other fields, with every default filled in.
    func writeFields(to writer: inout JSONWriter) {
        writer.field(Self.labelsField.name, labels)
        if let notes { writer.field(Self.notesField.name, notes) }
        writer.field(Self.priorityField.name, priority)
        writer.field(Self.attemptsField.name, maximumAttempts)
        writer.field(Self.secondsField.name, maximumSeconds)
        writer.field(Self.notBeforeField.name, notBefore)
        writer.field("checkpoint", checkpoint)
    }
}

extension ValueRule<[String: String]> {
    /// Names with texts.
    fileprivate static let labels = ValueRule(
        "up to 64 names of 1 to 63 printable characters, each with a text of up to 255",
        type: "object"
    ) { document in
        guard let labels = document.strings else { return (nil, .type) }
        let fits =
            labels.count <= 64
            && labels.allSatisfy { name, text in
                (1...63).contains(name.count) && text.count <= 255 && name.isPrintable
                    && text.isPrintable
            }
        return fits ? (labels, .range) : (nil, .range)
    }
}

extension ValueRule<String> {
    /// Text of several lines.
    fileprivate static func prose(limit: Int) -> ValueRule {
        ValueRule("text of up to \(grouped(limit)) characters without NUL", type: "string") {
            document in
            guard let text = document.string else { return (nil, .type) }
            return text.count <= limit && !text.utf8.contains(0) ? (text, .range) : (nil, .range)
        }
    }
}
