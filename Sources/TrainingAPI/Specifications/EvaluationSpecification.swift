public import Schedules

/// When a model is validated, and by what the best weights are chosen.
public struct EvaluationSpecification: Hashable, Sendable {
    /// Which end of a metric is the better one.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Less is better.
        case minimize = "min"
        /// More is better.
        case maximize = "max"

        /// Whether `value` is the better one, by more than `margin`.
        public func isBetter(_ value: Double, than other: Double, by margin: Double = 0) -> Bool {
            switch self {
            case .minimize: value < other - margin
            case .maximize: value > other + margin
            }
        }
    }

    /// When the test split, which never chooses anything, is read.
    public enum Test: String, Hashable, Sendable, CaseIterable {
        /// Once, after the last update: at the final weights and at the best ones.
        case end
        /// Not at all.
        case never
    }

    /// The length between validations; one epoch by default.
    public var every: Length
    /// The metric that chooses the best weights; `validation_loss` by default.
    public var monitor: Monitor
    /// Which end of the metric is the better one.
    public var mode: Mode
    /// When the test split is read; at the end by default.
    public var test: Test

    /// Makes a specification; `mode` follows from `monitor` where it is not given.
    public init(
        every: Length = .epochs(1),
        monitor: Monitor = .validationLoss,
        mode: Mode? = nil,
        test: Test = .end
    ) {
        self.every = every
        self.monitor = monitor
        self.mode = mode ?? (monitor.isMaximized ? .maximize : .minimize)
        self.test = test
    }
}

extension EvaluationSpecification: JSONWritable {
    private static let everyField = Field(
        "every",
        ValueRule<Length>.length,
        default: .epochs(1),
        "The length between validations."
    )
    private static let monitorField = Field(
        "monitor",
        ValueRule<Monitor>.monitor,
        default: .validationLoss,
        "The metric that chooses the best weights."
    )
    private static let modeField = Field(
        "mode",
        ValueRule<Mode>.choice,
        "Which end of the metric is the better one."
    )

    private static let testField = Field(
        "test",
        ValueRule<Test>.choice,
        default: .end,
        "When the test split is read; it never chooses anything."
    )

    /// Reads a specification, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let every = object.read(Self.everyField, &context)
        let monitor = object.read(Self.monitorField, &context)
        let mode = object.read(Self.modeField, &context)
        let test = object.read(Self.testField, &context)
        object.finish(&context)
        guard let every, let monitor, let test else { return nil }
        self.init(every: every, monitor: monitor, mode: mode, test: test)
    }

    /// Writes the specification with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field(Self.everyField.name, every)
            writer.field(Self.monitorField.name, monitor)
            writer.field(Self.modeField.name, mode)
            writer.field(Self.testField.name, test)
        }
    }
}

extension EvaluationSpecification.Mode: JSONWritable {
    /// Writes `min` or `max`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension EvaluationSpecification.Test: JSONWritable {
    /// Writes `end` or `never`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
