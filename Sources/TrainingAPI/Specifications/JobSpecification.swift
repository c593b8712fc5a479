/// A job as its author wants it, with every default filled in.
///
/// A value that exists is valid by itself; whether it fits its dataset is decided by
/// ``plan(for:at:_:)``.
@dynamicMemberLookup
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

    /// What it has in common with every other job.
    public var terms: JobTerms
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
    /// Whether the job waits for a worker that gives the same bits rather than go on with others.
    public var requireExact: Bool

    /// What it has in common with every other job, part by part.
    public subscript<Value>(dynamicMember path: WritableKeyPath<JobTerms, Value>) -> Value {
        get { terms[keyPath: path] }
        set { terms[keyPath: path] = newValue }
    }

    /// The rows of one update; the last of an epoch may have fewer.
    public var updateRows: Int { batchSize * gradientAccumulation }
}

extension JobSpecification: JSONWritable {
    /// Writes the normalised specification: what ``init(_:at:_:)`` reads back to the same value.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            terms.writeName(to: &writer)
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
            terms.writeFields(to: &writer)
            writer.field("require_exact", requireExact)
        }
    }
}
