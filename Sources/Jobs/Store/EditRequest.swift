package import Foundation

/// What a person changes of a job's work, as one command.
package struct EditRequest: Hashable, Sendable {
    /// The job.
    package let id: JobID
    /// All that people have changed of it with this, in the words of the layer above.
    package let edits: [UInt8]
    /// The version from which `edits` was made, which the job must still have.
    package let expectedVersion: Int
    /// What to tell of the job.
    package var events: [JobEventDraft] = []
    /// The key that makes a repetition harmless; its answer is kept where the edit is taken.
    package var idempotency: Idempotency?
    /// Now, on the wall clock.
    package let instant: Date

    /// A change of a job's work.
    package init(of id: JobID, to edits: [UInt8], expectedVersion: Int, at instant: Date) {
        self.id = id
        self.edits = edits
        self.expectedVersion = expectedVersion
        self.instant = instant
    }
}
