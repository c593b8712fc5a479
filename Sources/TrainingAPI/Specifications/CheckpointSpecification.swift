public import Schedules

/// When a run's state is saved, and how many states are kept.
public struct CheckpointSpecification: Hashable, Sendable {
    /// What lies between two checkpoints.
    public enum Interval: Hashable, Sendable {
        /// Seconds of running; the checkpoint comes after the update that passes them.
        case seconds(Double)
        /// Updates.
        case length(Length)
    }

    /// What lies between two checkpoints; 30 seconds by default.
    public var every: Interval
    /// How many of the newest are kept, beside the one at the best validation; 3 by default.
    public var keep: Int

    /// Makes a specification.
    public init(every: Interval = .seconds(30), keep: Int = 3) {
        self.every = every
        self.keep = keep
    }
}

extension CheckpointSpecification: JSONWritable {
    private static let everyField = Field(
        "every",
        ValueRule<Interval>.interval,
        default: .seconds(30),
        "What lies between two checkpoints: seconds, or a length."
    )
    private static let keepField = Field(
        "keep",
        .integer(1...1_000),
        default: 3,
        "How many of the newest checkpoints are kept."
    )

    /// Reads a specification, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let every = object.read(Self.everyField, &context)
        let keep = object.read(Self.keepField, &context)
        object.finish(&context)
        guard let every, let keep else { return nil }
        self.init(every: every, keep: keep)
    }

    /// Writes the specification with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field(Self.everyField.name, every)
            writer.field(Self.keepField.name, keep)
        }
    }
}

extension CheckpointSpecification.Interval: JSONWritable {
    fileprivate static let secondsField = Field(
        "seconds",
        .number(above: 0, to: 1_000_000),
        "Seconds of running."
    )

    /// Writes `{"seconds": 30}`, or the long form of a length.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .seconds(let seconds):
            writer.object { $0.field(Self.secondsField.name, seconds) }
        case .length(let length): length.write(to: &writer)
        }
    }
}

extension ValueRule<CheckpointSpecification.Interval> {
    /// Seconds, or a length with its unit.
    fileprivate static let interval = ValueRule(
        "{\"seconds\": 30}, or a length such as {\"steps\": 500} or {\"epochs\": 1}",
        type: "object"
    ) { document, pointer, context in
        switch document.value {
        case .integer, .number:
            let number = document.summary
            context.report(
                pointer,
                .type,
                "\(number) has no unit; write {\"seconds\": \(number)} or {\"steps\": \(number)}",
                at: document.position
            )
            return nil
        case .object(let members) where members.contains { $0.name == "seconds" }:
            guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
            let seconds = object.read(CheckpointSpecification.Interval.secondsField, &context)
            object.finish(&context)
            return seconds.map { .seconds($0) }
        default: return Length(document, at: pointer, &context).map { .length($0) }
        }
    }
}
