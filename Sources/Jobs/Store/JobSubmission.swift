package import Foundation

/// A job to accept.
///
/// Its identifier exists before it is stored, so that its answer can too. The layer above has
/// refused what breaks a range that is named here, and texts that hold a NUL.
package struct JobSubmission: Hashable, Sendable {
    /// A fresh identifier.
    package let id: JobID
    /// What a person calls the job.
    package var name: String?
    /// The kind of work, by which workers choose.
    package let kind: String
    /// What a person filters by.
    package var labels: [String: String] = [:]
    /// Free text.
    package var notes: String?
    /// What is to be done, in the words of the layer above.
    package let specification: [UInt8]
    /// How many steps the job has in all.
    package let totalSteps: Int
    /// How many ten-minute places the job stands before others of its age, at most a million.
    package var priority = 0
    /// How many attempts may end in an error before the job fails; at least 1.
    package var maximumAttempts = 3
    /// Whether the job may only go on in the environment of its checkpoint; false by default.
    package var requiresExact = false
    /// The hash of a file that the job starts from, which is kept as long as the job is; nil for none.
    package var startFile: String?
    /// The GPUs that the job asks for; none by default.
    package var gpus = GPUWish.none
    /// Whether the work takes some milliseconds at most; false by default.
    package var isBrief = false
    /// Before when the job must not start; not past the year 9999.
    package var notBefore: Date?
    /// What has been changed of the work from the outset.
    package var edits: [UInt8]?
    /// The checkpoint from which the job goes on; the store copies it, and throws `conflict` where it is gone.
    package var origin: JobOrigin?
    /// The job's `feedback` at `origin`.
    package var feedback: [UInt8]?
    /// How many jobs may wait in the queue, this one counted; any number by default.
    package var queueLimit: Int?
    /// What to tell of the job at once.
    package var events: [JobEventDraft] = []
    /// Now, on the wall clock: becomes `createdAt`.
    package let instant: Date

    /// A submission with the defaults of the properties that are not named here.
    package init(
        id: JobID,
        kind: String,
        specification: [UInt8],
        totalSteps: Int,
        at instant: Date
    ) {
        self.id = id
        self.kind = kind
        self.specification = specification
        self.totalSteps = totalSteps
        self.instant = instant
    }
}

/// A key by which a client repeats a request without doing it twice.
package struct Idempotency: Hashable, Sendable {
    /// Whose key it is: a hash of token, method and path.
    package let scope: [UInt8]
    /// The key as the client sent it.
    package let key: String
    /// A hash of the raw body, which a true repetition has too.
    package let bodyHash: [UInt8]
    /// What to answer to a repetition, in the words of the layer above.
    package let answer: [UInt8]

    /// A key with the answer that it will replay.
    package init(scope: [UInt8], key: String, bodyHash: [UInt8], answer: [UInt8]) {
        self.scope = scope
        self.key = key
        self.bodyHash = bodyHash
        self.answer = answer
    }
}

/// What became of a submission.
package enum Acceptance: Hashable, Sendable {
    /// The job is stored.
    case created(JobRecord)
    /// The key was used for this body before: this was the answer. Nothing is stored.
    case replayed(answer: [UInt8])
    /// The key was used for another body before. Nothing is stored.
    case keyReused
}
