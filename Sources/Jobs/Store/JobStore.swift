package import Foundation

/// Where jobs live, and the named documents that they are made of.
///
/// Each verb is exactly one transaction; nothing of a verb that throws is stored.
///
/// Verbs block until they are done, so they are called from threads of one's own, never from
/// Swift's cooperative pool. A *durable* verb has reached the disk when it returns; a *relaxed* one
/// outlives the death of the process but not a power failure. A lost grant or report does no harm:
/// lease ids are random, so no worker's write can meet a lease that was granted after the failure.
///
/// A verb that changes a job's state adds an entry to the job's event log, and so does what its
/// command tells (``JobEventDraft``): in the verb's own transaction, with the next numbers.
///
/// A worker's verbs show a `LeaseKey`, and are accepted while the job's live lease has that fence
/// and that lease id; else they change nothing and throw `leaseLost`.
///
/// **No store ends leases by itself.** A server's clock measures their terms, and `abandon` with
/// `leaseExpired` ends them; so a paused or restarted server gives every worker a full term.
package protocol JobStore: Sendable {
    /// How many times the store has changed; nil while a change is under way, or where nobody counts.
    ///
    /// What was read after this number was asked for is what the store has for as long as it is the same.
    var settledCommits: Int? { get }

    /// Stores a job, together with the key that makes a repetition harmless. Durable.
    ///
    /// - Throws: `queueFull` where as many jobs wait as its submission allows; a repetition still gets
    ///   its answer.
    func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?
    ) throws(JobStoreError) -> Acceptance

    /// As ``accept(_:idempotency:)``, for a caller that does not wait: `answer` is called once, from a thread
    /// of the store's on which it must not block.
    func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?,
        then answer: @escaping @Sendable (Result<Acceptance, JobStoreError>) -> Void
    )

    /// What a key was used for before: `replayed`, `keyReused`, or nil where it is new.
    func replay(_ key: Idempotency) throws(JobStoreError) -> Acceptance?

    /// Does what a person asks for. Durable.
    ///
    /// - Throws: `notFound`; `conflict` with the actions that the job's state allows.
    func act(_ request: ActionRequest) throws(JobStoreError) -> ActionReceipt

    /// Takes over what a person changes of the work of a job that waits, runs or is paused. Durable.
    ///
    /// - Throws: `notFound`; `conflict` where the job's state takes no edits.
    func edit(_ request: EditRequest) throws(JobStoreError) -> ActionReceipt

    /// Removes an ended job with all its history; repeated requests still get its answer. Durable.
    ///
    /// - Returns: The files that the job needed; other jobs may need the same bytes.
    /// - Throws: `notFound`; `conflict` for a job that has not ended.
    @discardableResult
    func delete(_ id: JobID) throws(JobStoreError) -> [StoredFile]

    /// Removes ended jobs with all their history, those that ended first before others. Durable.
    ///
    /// A job from which another goes on stays as long as that one does.
    ///
    /// - Parameters:
    ///   - instant: Before when the jobs ended.
    ///   - limit: The most jobs.
    /// - Returns: What was removed.
    /// - Throws: What every verb may.
    func removeJobs(endedBefore instant: Date, limit: Int) throws(JobStoreError) -> [JobRemoval]

    /// Grants the first job in the queue that the worker can do and that may start by now. Relaxed.
    ///
    /// A job stays in the queue while one of its labels is at its limit, and holds nobody up.
    /// A request that was answered before, and whose lease lives, gets the same lease again. A job that
    /// asks for exact results and has a checkpoint waits for a worker with the checkpoint's environment.
    ///
    /// A job that asks for GPUs gets some of the worker's that no live lease has. Where it is the first in
    /// the queue that the worker's GPUs would do for, and too few of them are free, the worker gets no other
    /// job that asks for GPUs: it would wait for ever behind smaller ones.
    ///
    /// - Returns: Nil when no job waits for this worker.
    func lease(_ request: LeaseRequest) throws(JobStoreError) -> LeasedJob?

    /// Confirms that a lease lives, and notes a grant that goes further. Relaxed.
    func renew(_ key: LeaseKey, grantedThrough: Int?) throws(JobStoreError) -> LeasedJob

    /// Adds entries to the event log of a leased job. Relaxed.
    func note(_ events: [JobEventDraft], of key: LeaseKey) throws(JobStoreError) -> LeasedJob

    /// Makes a lease live again that ended in silence, while its job waits and nobody else was granted
    /// it since. Durable.
    ///
    /// - Returns: The job, whose worker goes on where it was; the crash that the silence was counted as
    ///   is taken back.
    /// - Throws: `leaseLost` for any other lease, and where another job has its GPUs.
    func revive(_ key: LeaseKey, at instant: Date) throws(JobStoreError) -> LeasedJob

    /// Stores a report whole, once. Relaxed.
    ///
    /// - Throws: `leaseLost`; `outOfOrder` for a sequence that leaves one out.
    func report(_ report: JobReport) throws(JobStoreError) -> ReportReceipt

    /// Notes a checkpoint, from which the next run resumes if none is newer, and drops those that
    /// `CheckpointRetention` gives up. Durable.
    func commit(_ commit: CheckpointCommit) throws(JobStoreError) -> CheckpointReceipt

    /// Drops a checkpoint whose bytes are not what they were; the next run starts from the one before.
    /// Durable.
    ///
    /// Nothing happens where the job has no such checkpoint.
    func discardCheckpoint(at step: Int, of id: JobID) throws(JobStoreError)

    /// Notes what a job leaves behind, in place of what it had by that name. Durable.
    ///
    /// - Returns: The file of the artifact that was there before; others may need the same bytes.
    func attach(_ commit: ArtifactCommit) throws(JobStoreError) -> StoredFile?

    /// Ends a run as its worker says, with the last of what the run did and made, and grants the worker its
    /// next job. Durable.
    ///
    /// The same outcome again for the same grant changes nothing of the job; its wish for the next job is
    /// answered as by ``lease(_:)``.
    ///
    /// - Throws: `leaseLost`; `outOfOrder` for a report that leaves one out.
    func finish(_ completion: JobCompletion) throws(JobStoreError) -> CompletionReceipt

    /// Ends leases whose workers are gone, and returns their jobs as they then are. Durable.
    func abandon(_ abandonment: LeaseAbandonment) throws(JobStoreError) -> [JobRecord]

    /// Forgets the idempotency keys of jobs created before an instant, and counts them. Relaxed.
    @discardableResult
    func forgetIdempotencyKeys(before instant: Date) throws(JobStoreError) -> Int

    /// Writes something, to prove that the store can. Durable.
    func probe() throws(JobStoreError)

    /// One job; throws `notFound`.
    func job(_ id: JobID) throws(JobStoreError) -> JobRecord

    /// A page of the jobs that meet the conditions of a query.
    func jobs(_ query: JobQuery) throws(JobStoreError) -> JobPage

    /// How many jobs are in each state; all states are there.
    func counts() throws(JobStoreError) -> [JobState: Int]

    /// All leases that live.
    func liveLeases() throws(JobStoreError) -> [Lease]

    /// How many jobs with each label hold a lease, for the labels of some names.
    func leasedLabels(named keys: Set<String>) throws(JobStoreError) -> [Label: Int]

    /// All grants of a job, by fence.
    func runs(of id: JobID) throws(JobStoreError) -> [Run]

    /// All checkpoints of a job, by step.
    func checkpoints(of id: JobID) throws(JobStoreError) -> [Checkpoint]

    /// The entries of a job's event log after a number, the oldest first; throws `notFound`.
    ///
    /// Only those of some kinds, nil for all, and at most `limit`.
    func events(
        of id: JobID,
        after number: Int,
        kinds: Set<JobEventKind>?,
        limit: Int
    ) throws(JobStoreError) -> JobEventPage

    /// All that a job has left behind, by name.
    func artifacts(of id: JobID) throws(JobStoreError) -> [Artifact]

    /// The bytes of a checkpoint or an artifact that the store keeps itself; nil where it does not.
    func content(of file: StoredFile) throws(JobStoreError) -> [UInt8]?

    /// Those of some files, given by their hashes, that a checkpoint, an artifact or a job's start
    /// needs.
    func needed(among hashes: Set<String>) throws(JobStoreError) -> Set<String>

    /// The curve of some series in a range of steps, by series name and step.
    ///
    /// The curve is each run's points from its resume step to the least resume step of a later run:
    /// what a lost run did beyond the checkpoint does not show. Nil for `names` means all series.
    func series(
        of id: JobID,
        names: Set<String>?,
        in steps: Range<Int>
    ) throws(JobStoreError) -> [SeriesSegment]

    /// How many points there are in the chunks of some series that ``series(of:names:in:)`` would read: no
    /// fewer than the curve has in these steps, and more where chunks reach beyond them.
    func pointCount(
        of id: JobID,
        names: Set<String>,
        in steps: Range<Int>
    ) throws(JobStoreError) -> Int

    /// The names of the series that have a point on the curve, sorted.
    func seriesNames(of id: JobID) throws(JobStoreError) -> [String]

    /// Stores a content as the newest version of a named document. Durable.
    ///
    /// The content that the newest version has already is stored no second time.
    func put(_ submission: DocumentSubmission) throws(JobStoreError) -> DocumentReceipt

    /// Removes every version of a document, whose numbers are not given again. Durable.
    ///
    /// - Throws: `notFound`.
    func deleteDocument(
        _ id: DocumentID,
        condition: DocumentCondition
    ) throws(JobStoreError) -> DocumentRemoval

    /// One version of a document, the newest for nil; throws `notFound`.
    func document(_ id: DocumentID, version: Int?) throws(JobStoreError) -> VersionedDocument

    /// A page of the documents of a kind, each in its newest version.
    func documents(_ query: DocumentQuery) throws(JobStoreError) -> DocumentPage

    /// A page of the versions of a document, the newest first; throws `notFound`.
    ///
    /// Only versions below `version` are on it, nil for all, and at most `limit`.
    func versions(
        of id: DocumentID,
        before version: Int?,
        limit: Int
    ) throws(JobStoreError) -> DocumentPage

    /// Lets go of the store. A verb after that throws `unavailable`.
    func close()
}

extension JobStore {
    package var settledCommits: Int? { nil }

    /// Stores a job that a client does not mean to repeat.
    package func accept(_ submission: JobSubmission) throws(JobStoreError) -> Acceptance {
        try accept(submission, idempotency: nil)
    }

    /// Does what a person asks for, and returns the job as it then is.
    package func act(
        _ action: JobAction,
        on id: JobID,
        at instant: Date
    ) throws(JobStoreError) -> JobRecord {
        guard case .done(let job) = try act(ActionRequest(action, on: id, at: instant)) else {
            preconditionFailure("an action without a key or a version is done or throws")
        }
        return job
    }

    /// The newest version of a document; throws `notFound`.
    package func document(_ id: DocumentID) throws(JobStoreError) -> VersionedDocument {
        try document(id, version: nil)
    }

    /// Ends a run as its worker says, and returns the job as it then is.
    package func complete(_ completion: JobCompletion) throws(JobStoreError) -> JobRecord {
        try finish(completion).job
    }

    /// Confirms that a lease lives.
    package func renew(_ key: LeaseKey) throws(JobStoreError) -> LeasedJob {
        try renew(key, grantedThrough: nil)
    }
}
