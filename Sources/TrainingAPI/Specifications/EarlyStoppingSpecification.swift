public import Schedules

/// When a run that no longer improves ends before its last step.
///
/// A run ends at the validation that is the `patience`th in a row without improvement. It has then
/// succeeded, and its summary says where and why it ended.
public struct EarlyStoppingSpecification: Hashable, Sendable {
    /// The metric that must improve.
    public var monitor: Monitor
    /// Which end of the metric is the better one.
    public var mode: EvaluationSpecification.Mode
    /// The validations in a row without improvement that end the run; at least 1, 3 by default.
    public var patience: Int
    /// How much better than the best a value must be to count as an improvement, and by more than
    /// that; at least 0, 0 by default.
    public var minimumDelta: Double
    /// The part of the run whose validations are not counted; `nil` for none.
    public var startAfter: Length?
    /// Whether a run that ends early ends with its best weights, which `evaluate` chooses; on by
    /// default.
    public var restoreBest: Bool

    /// Makes a specification; `mode` follows from `monitor` where it is not given.
    public init(
        monitor: Monitor = .validationLoss,
        mode: EvaluationSpecification.Mode? = nil,
        patience: Int = 3,
        minimumDelta: Double = 0,
        startAfter: Length? = nil,
        restoreBest: Bool = true
    ) {
        self.monitor = monitor
        self.mode = mode ?? (monitor.isMaximized ? .maximize : .minimize)
        self.patience = patience
        self.minimumDelta = minimumDelta
        self.startAfter = startAfter
        self.restoreBest = restoreBest
    }
}

extension EarlyStoppingSpecification: JSONWritable {
    private static let monitorField = Field(
        "monitor",
        ValueRule<Monitor>.monitor,
        "The metric that must improve; `evaluate.monitor` where it is absent."
    )
    private static let modeField = Field(
        "mode",
        ValueRule<EvaluationSpecification.Mode>.choice,
        "Which end of the metric is the better one."
    )
    private static let patienceField = Field(
        "patience",
        .integer(1...1_000_000),
        default: 3,
        "The validations in a row without improvement that end the run."
    )
    private static let deltaField = Field(
        "min_delta",
        .number(from: 0, to: 1e9),
        default: 0,
        "How much better than the best counts as an improvement."
    )
    private static let startField = Field(
        "start_after",
        ValueRule<Length>.length.orNull(),
        "The part of the run whose validations are not counted."
    )
    private static let restoreField = Field(
        "restore_best",
        .flag,
        default: true,
        "Whether a run that ends early ends with its best weights."
    )

    /// Reads a specification, or reports what is wrong with it.
    ///
    /// - Parameters:
    ///   - document: The value of `early_stopping`.
    ///   - pointer: Where it stands.
    ///   - evaluation: What chooses the best weights, whose monitor is the default.
    ///   - context: Collects the faults.
    init?(
        _ document: Document,
        at pointer: Pointer,
        evaluation: EvaluationSpecification,
        _ context: inout DecodingContext
    ) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let isInherited = !object.has(Self.monitorField.name)
        let monitor = isInherited ? evaluation.monitor : object.read(Self.monitorField, &context)
        _ = object.document(Self.monitorField.name)
        let mode = object.read(Self.modeField, &context)
        let patience = object.read(Self.patienceField, &context)
        let delta = object.read(Self.deltaField, &context)
        let start = object.read(Self.startField, &context)
        let restore = object.read(Self.restoreField, &context)
        object.finish(&context)
        guard let monitor, let patience, let delta, let restore else { return nil }
        self.init(
            monitor: monitor,
            mode: mode ?? (isInherited ? evaluation.mode : nil),
            patience: patience,
            minimumDelta: delta,
            startAfter: start ?? nil,
            restoreBest: restore
        )
    }

    /// Writes the specification with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field(Self.monitorField.name, monitor)
            writer.field(Self.modeField.name, mode)
            writer.field(Self.patienceField.name, patience)
            writer.field(Self.deltaField.name, minimumDelta)
            writer.field(Self.startField.name, startAfter)
            writer.field(Self.restoreField.name, restoreBest)
        }
    }
}
