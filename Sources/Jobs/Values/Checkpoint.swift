package import Foundation

/// A place from which a job can go on; its bytes lie elsewhere.
package struct Checkpoint: Hashable, Sendable {
    /// How many steps were finished when it was taken.
    package let step: Int
    /// The grant under which it was taken.
    package let fence: Int
    /// Its bytes.
    package let file: StoredFile
    /// What the worker that took it computes with, as that names it; nil where it did not say.
    package let environment: String?
    /// Whether everything up to it was computed in that environment.
    package let isExact: Bool
    /// The job's `feedback` at this step, which a resume puts back.
    package let feedback: [UInt8]?
    /// When it was committed.
    package let committedAt: Date

    /// A checkpoint as a store keeps it.
    package init(
        step: Int,
        fence: Int,
        file: StoredFile,
        environment: String?,
        isExact: Bool,
        feedback: [UInt8]?,
        committedAt: Date
    ) {
        self.step = step
        self.fence = fence
        self.file = file
        self.environment = environment
        self.isExact = isExact
        self.feedback = feedback
        self.committedAt = committedAt
    }
}
