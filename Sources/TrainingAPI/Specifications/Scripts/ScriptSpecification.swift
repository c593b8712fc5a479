/// A job whose training is a user's own script, with every default filled in.
///
/// An `external` job is a script that runs anywhere and asks for its rates; a `command` job is one that
/// a worker starts.
@dynamicMemberLookup
public struct ScriptSpecification: Hashable, Sendable {
    /// What it has in common with every other job.
    public var terms: JobTerms
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

    /// What it has in common with every other job, part by part.
    public subscript<Value>(dynamicMember path: WritableKeyPath<JobTerms, Value>) -> Value {
        get { terms[keyPath: path] }
        set { terms[keyPath: path] = newValue }
    }
}

extension ScriptSpecification: JSONWritable {
    /// Writes the normalised specification: what ``init(_:at:lookup:_:)`` reads back to the same value.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            terms.writeName(to: &writer)
            writer.field("kind", kind.rawValue)
            if let command { command.writeFields(to: &writer) }
            if let schedule { writer.field("schedule", schedule) }
            if let steps { writer.field("steps", steps) }
            writer.field("steps_per_epoch", stepsPerEpoch)
            writer.field("seed", seed)
            terms.writeFields(to: &writer)
        }
    }
}
