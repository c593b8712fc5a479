package import Foundation

/// A place from which a job can go on; its bytes lie elsewhere.
package struct Checkpoint: Hashable, Sendable {
    /// How many steps were finished when it was taken.
    package let step: Int
    /// The grant under which it was taken.
    package let fence: Int
    /// Where its bytes lie and what they need, in the words of the layer above.
    package let payload: [UInt8]
    /// The job's `feedback` at this step, which a resume puts back.
    package let feedback: [UInt8]?
    /// When it was committed.
    package let committedAt: Date

    /// A checkpoint as a store keeps it.
    package init(step: Int, fence: Int, payload: [UInt8], feedback: [UInt8]?, committedAt: Date) {
        self.step = step
        self.fence = fence
        self.payload = payload
        self.feedback = feedback
        self.committedAt = committedAt
    }
}
