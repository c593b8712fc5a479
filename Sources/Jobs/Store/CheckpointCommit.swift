package import Foundation

/// A checkpoint, to be noted with its job: its bytes are safe, or come with it.
package struct CheckpointCommit: Hashable, Sendable {
    /// The lease under which it was taken.
    package let key: LeaseKey
    /// How many steps were finished when it was taken.
    package let step: Int
    /// Its bytes.
    package let file: StoredFile
    /// The bytes themselves, for the store to keep in the same transaction; nil where they are safe elsewhere.
    package var content: [UInt8]?
    /// The job's `feedback` at this step.
    package var feedback: [UInt8]?
    /// The step whose checkpoint, where there is one, is to outlive newer ones.
    package var bestStep: Int?
    /// How many of the newest checkpoints stay, this one counted; at least 1.
    package var keep = 3
    /// What to tell of the job.
    package var events: [JobEventDraft] = []
    /// Now, on the wall clock.
    package let instant: Date

    /// A checkpoint under a lease.
    package init(key: LeaseKey, step: Int, file: StoredFile, at instant: Date) {
        self.key = key
        self.step = step
        self.file = file
        self.instant = instant
    }
}

/// What became of a checkpoint that was committed.
package struct CheckpointReceipt: Hashable, Sendable {
    /// The job and its lease as they now are.
    package let leased: LeasedJob
    /// The checkpoint.
    package let checkpoint: Checkpoint
    /// The files of the checkpoints that went to make room; others may need the same bytes.
    package let dropped: [StoredFile]

    /// The outcome of a commit.
    package init(leased: LeasedJob, checkpoint: Checkpoint, dropped: [StoredFile]) {
        self.leased = leased
        self.checkpoint = checkpoint
        self.dropped = dropped
    }
}

/// Something that a job leaves behind, to be noted with it: its bytes are safe, or come with it.
package struct ArtifactCommit: Hashable, Sendable {
    /// The lease under which it was made.
    package let key: LeaseKey
    /// The artifact, whose fence must be the key's.
    package let artifact: Artifact
    /// The bytes themselves, for the store to keep in the same transaction; nil where they are safe elsewhere.
    package var content: [UInt8]?

    /// An artifact under a lease.
    package init(key: LeaseKey, artifact: Artifact) {
        precondition(artifact.fence == key.fence, "an artifact belongs to its lease's fence")
        self.key = key
        self.artifact = artifact
    }
}
