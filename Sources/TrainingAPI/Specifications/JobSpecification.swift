/// A job as its author wants it, with every default filled in.
///
/// A value that exists is valid by itself; whether it fits its dataset is decided by
/// ``plan(for:at:_:)``.
public struct JobSpecification: Hashable, Sendable {
    /// What kind of work a job is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The training of a model by the built-in engine.
        case train
        /// A script that runs anywhere and asks for its rates.
        case external
        /// A script that a worker starts.
        case command
    }

    /// How long a run is.
    public enum Duration: Hashable, Sendable {
        /// Passes over the training rows.
        case epochs(Double)
        /// Optimizer updates.
        case steps(Int)
    }

    /// What people call the job; not unique.
    public var name: String?
    /// The kind of work.
    public var kind: Kind
    /// The data.
    public var dataset: DatasetSpecification
    /// The model.
    public var model: ModelSpecification
    /// The update rule.
    public var optimizer: OptimizerSpecification
    /// The learning rate and how it changes.
    public var schedule: JobSchedule
    /// How long the run is.
    public var duration: Duration
    /// The rows that go through the model at once.
    public var batchSize: Int
    /// The batches whose gradients make one update together.
    public var gradientAccumulation: Int
    /// Whether each epoch has an order of its own.
    public var shuffle: Bool
    /// Whether an epoch's last partial batch is left out.
    public var dropLast: Bool
    /// The rows of one batch of an evaluation; changes no result.
    public var evaluationBatchSize: Int
    /// When the model is validated.
    public var evaluate: EvaluationSpecification
    /// When a run that no longer improves ends; `nil` for never.
    public var earlyStopping: EarlyStoppingSpecification?
    /// What becomes of an update whose loss or gradient is not finite.
    public var onNonFinite: NonFinitePolicy
    /// The seed that every stream of random numbers comes from unless `seeds` says otherwise.
    public var seed: UInt64
    /// The seeds of the streams.
    public var seeds: SeedSpecification
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
    /// When the run's state is saved.
    public var checkpoint: CheckpointSpecification
    /// Whether the job waits for a worker that gives the same bits rather than go on with others.
    public var requireExact: Bool

    /// The rows of one update; the last of an epoch may have fewer.
    public var updateRows: Int { batchSize * gradientAccumulation }
}

extension JobSpecification: JSONWritable {
    /// Writes the normalised specification: what ``init(_:at:_:)`` reads back to the same value.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let name { writer.field("name", name) }
            writer.field("kind", kind.rawValue)
            writer.field("dataset", dataset)
            writer.field("model", model)
            writer.field("optimizer", optimizer)
            writer.field("schedule", schedule)
            switch duration {
            case .epochs(let count): writer.field("epochs", count)
            case .steps(let count): writer.field("steps", count)
            }
            writer.field("batch_size", batchSize)
            writer.field("gradient_accumulation", gradientAccumulation)
            writer.field("shuffle", shuffle)
            writer.field("drop_last", dropLast)
            writer.field("evaluation_batch_size", evaluationBatchSize)
            writer.field("evaluate", evaluate)
            writer.field("early_stopping", earlyStopping)
            writer.field("on_non_finite", onNonFinite)
            writer.field("seed", seed)
            writer.field("seeds", seeds)
            writer.field("labels", labels)
            if let notes { writer.field("notes", notes) }
            writer.field("priority", priority)
            writer.field("maximum_attempts", maximumAttempts)
            writer.field("maximum_seconds", maximumSeconds)
            writer.field("not_before", notBefore)
            writer.field("checkpoint", checkpoint)
            writer.field("require_exact", requireExact)
        }
    }
}
