package import Foundation

/// What a person asks of a job, as one command.
package struct ActionRequest: Hashable, Sendable {
    /// What is asked for.
    package let action: JobAction
    /// Of which job.
    package let id: JobID
    /// Whether a retry forgets the checkpoints so far and begins with step 0; no other action may.
    package var fromStart = false
    /// The version that the job must still have; nil for any.
    ///
    /// Who names an answer that a repetition is to get has made it from this version.
    package var expectedVersion: Int?
    /// The key that makes a repetition harmless; its answer is kept where the action is done.
    package var idempotency: Idempotency?
    /// Now, on the wall clock.
    package let instant: Date

    /// An action on a job.
    package init(_ action: JobAction, on id: JobID, at instant: Date) {
        self.action = action
        self.id = id
        self.instant = instant
    }
}

/// What became of an action.
package enum ActionReceipt: Hashable, Sendable {
    /// The job is now as it was asked for.
    case done(JobRecord)
    /// The key was used for this body before: this was the answer. Nothing is done.
    case replayed(answer: [UInt8])
    /// The key was used for another body before. Nothing is done.
    case keyReused
    /// The job has another version than was expected. Nothing is done.
    case changed
}
