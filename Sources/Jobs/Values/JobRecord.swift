package import Foundation

/// A job as the store holds it.
///
/// What the job means is in payloads that the store never opens.
package struct JobRecord: Hashable, Sendable, Identifiable {
    /// The identifier, made before the job was stored.
    package let id: JobID
    /// What a person calls the job; names need not differ.
    package let name: String?
    /// The kind of work, by which workers choose.
    package let kind: String
    /// Where the job stands.
    package var state: JobState
    /// What a person filters by.
    package let labels: [String: String]
    /// Free text of the person who submitted the job.
    package let notes: String?
    /// What is to be done, in the words of the layer above.
    package let specification: [UInt8]
    /// How many ten-minute places the job stands before others of its age; 0 by default.
    package let priority: Int
    /// How many attempts may end in an error before the job fails; at least 1.
    package let maximumAttempts: Int
    /// Whether the job may only go on in the environment of its newest checkpoint.
    package let requiresExact: Bool
    /// The hash of a file that the job starts from; nil for none.
    package let startFile: String?
    /// The GPUs that the job asks for.
    package let gpus: GPUWish
    /// Whether the work takes some milliseconds at most.
    package let isBrief: Bool
    /// The attempts that ended in an error, and the one that is running.
    package var attempt: Int
    /// The workers that died or went silent since the last checkpoint.
    package var crashes: Int
    /// The environment of the newest checkpoint; nil before the first.
    package var environment: String?
    /// Whether all steps on the curve were computed in one environment.
    package var isExact: Bool
    /// How many leases were granted; never reset.
    package var fence: Int
    /// The newest grant whose checkpoints no run goes on from any more; 0 until a retry from the start.
    package var restartFence: Int
    /// A number that grows at each change of this record: for ETags and caches of encoded bodies.
    package var version: Int
    /// The number of the newest entry of the job's event log.
    package var lastEvent: Int
    /// When the job was accepted.
    package let createdAt: Date
    /// Since when the job waits, for its place in the queue; a retry by hand sets it anew.
    package var enqueuedAt: Date
    /// Before when no lease is granted: the submitter's wish, later a backoff.
    package var notBefore: Date?
    /// How many seconds the job has run since it was accepted or tried again, by the server's clock.
    package var ranSeconds: Double
    /// When the first lease was granted.
    package var startedAt: Date?
    /// When the job ended; nil until then.
    package var finishedAt: Date?
    /// How many steps are finished on the curve that counts.
    package var step: Int
    /// How many steps the job has in all.
    package let totalSteps: Int
    /// How the work stands, in the words of the layer above; nil from each grant to its first report.
    package var progress: [UInt8]?
    /// The results so far, in the words of the layer above; nil from each grant to its first report.
    package var summary: [UInt8]?
    /// What the measurements have done to the work, at `step`; a grant puts back the checkpoint's.
    package var feedback: [UInt8]?
    /// What people have changed of the work, in the words of the layer above; no grant takes it back.
    package var edits: [UInt8]?
    /// A number that grows with every turn of the work's course: an edit, what measurements bring about, a
    /// grant that takes some of that back.
    package var revision: Int
    /// The checkpoint of another job from which this one goes on; nil for a job of its own.
    package var origin: JobOrigin?
    /// Why the job failed; nil unless it did.
    package var failure: JobFailure?
    /// The machine of the newest lease.
    package var host: String?
}

extension JobRecord {
    /// How many seconds of waiting one unit of priority is worth.
    package static let secondsPerPriority = 600

    /// The place in the queue: the smaller goes first, ties by `id`.
    ///
    /// It never changes while a job waits, so that one static index gives priority and aging.
    package var queuePlace: Date {
        enqueuedAt - TimeInterval(priority) * TimeInterval(JobRecord.secondsPerPriority)
    }

    /// The job of a submission: queued, and never granted.
    package init(_ submission: JobSubmission) {
        id = submission.id
        name = submission.name
        kind = submission.kind
        state = .queued
        labels = submission.labels
        notes = submission.notes
        specification = submission.specification
        priority = submission.priority
        maximumAttempts = submission.maximumAttempts
        requiresExact = submission.requiresExact
        startFile = submission.startFile
        gpus = submission.gpus
        isBrief = submission.isBrief
        isExact = true
        attempt = 0
        crashes = 0
        fence = 0
        restartFence = 0
        version = 1
        lastEvent = 0
        createdAt = submission.instant.roundedToMicroseconds
        enqueuedAt = createdAt
        notBefore = submission.notBefore?.roundedToMicroseconds
        ranSeconds = 0
        step = submission.origin?.step ?? 0
        totalSteps = submission.totalSteps
        edits = submission.edits
        revision = 1
        origin = submission.origin
    }
}
