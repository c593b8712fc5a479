/// What becomes of an update whose loss or gradient is infinite or not a number.
///
/// Such an update is no step. Where training goes on, its batch is passed over for good, and the next
/// one makes the update, at the same rate.
public enum NonFinitePolicy: String, Hashable, Sendable, CaseIterable {
    /// The job fails as `diverged`.
    case fail
    /// Weights and optimizer stay as they are. The job fails as `diverged` after as many batches in a row
    /// as an epoch has, at most 100; and where a validation's loss is not finite.
    case skipStep = "skip_step"
    /// Weights, optimizer and average go back to where they stood at the last validation place, or at
    /// the start of the run, held in memory and in checkpoints; the steps between are not made again.
    /// A validation whose loss is not finite has the same effect. The job fails as `diverged` at the
    /// fourth return to one place.
    case rollback
}

extension NonFinitePolicy: JSONWritable {
    /// Writes the policy's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
