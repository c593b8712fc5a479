/// A job whose training is a user's own script, with every default filled in.
///
/// An `external` job is a script that runs anywhere and asks for its rates; a `command` job is one that
/// a worker starts.
public struct ScriptSpecification: Hashable, Sendable {
    /// What people call the job; not unique.
    public var name: String?
    /// Who starts the script: `external` or `command`.
    public var kind: JobSpecification.Kind
    /// How the script is started; `nil` for an external one.
    public var command: CommandSpecification?
    /// The learning rate and how it changes; `nil` for a command that asks for no rates.
    public var schedule: JobSchedule?
    /// The optimizer updates of the whole run; `nil` without a schedule.
    public var steps: Int?
    /// The updates of one epoch, in which lengths may be given; 1 by default, as in a preview.
    public var stepsPerEpoch: Int
    /// The seed, which a command finds in its environment.
    public var seed: UInt64
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
    /// When the script is to save its state, and how many states are kept.
    public var checkpoint: CheckpointSpecification
}

extension ScriptSpecification: JSONWritable {
    /// Writes the normalised specification: what ``init(_:at:lookup:_:)`` reads back to the same value.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let name { writer.field("name", name) }
            writer.field("kind", kind.rawValue)
            if let command { command.writeFields(to: &writer) }
            if let schedule { writer.field("schedule", schedule) }
            if let steps { writer.field("steps", steps) }
            writer.field("steps_per_epoch", stepsPerEpoch)
            writer.field("seed", seed)
            writer.field("labels", labels)
            if let notes { writer.field("notes", notes) }
            writer.field("priority", priority)
            writer.field("maximum_attempts", maximumAttempts)
            writer.field("maximum_seconds", maximumSeconds)
            writer.field("not_before", notBefore)
            writer.field("checkpoint", checkpoint)
        }
    }
}
