package import Foundation
import Synchronization

/// A store in memory, for tests and as the plain statement of what every store does.
///
/// It outlives nothing, so that durable and relaxed mean the same here.
package final class InMemoryJobStore: JobStore {
    private let contents: Mutex<InMemoryContents>
    private let changes = Atomic(0)

    /// An empty store.
    package init(policy: RetryPolicy = RetryPolicy()) {
        contents = Mutex(InMemoryContents(policy: policy))
    }

    package var settledCommits: Int? { changes.load(ordering: .acquiring) }

    /// Runs one verb that may change the store alone, if the store is open.
    private func verb<Answer: Sendable>(
        _ operation: String,
        _ body: (inout InMemoryContents) throws(JobStoreError) -> Answer
    ) throws(JobStoreError) -> Answer {
        try read(operation) { contents throws(JobStoreError) in
            defer { changes.add(1, ordering: .releasing) }
            return try body(&contents)
        }
    }

    /// Runs one verb alone, if the store is open.
    private func read<Answer: Sendable>(
        _ operation: String,
        _ body: (inout InMemoryContents) throws(JobStoreError) -> Answer
    ) throws(JobStoreError) -> Answer {
        try contents.withLock { (contents) throws(JobStoreError) -> Answer in
            guard contents.isOpen else {
                throw JobStoreError(
                    code: .unavailable,
                    operation: operation,
                    detail: "the store is closed"
                )
            }
            return try body(&contents)
        }
    }

    package func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?
    ) throws(JobStoreError) -> Acceptance {
        try verb("accept") { contents throws(JobStoreError) in
            try contents.accept(submission, idempotency)
        }
    }

    package func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?,
        then answer: @escaping @Sendable (Result<Acceptance, JobStoreError>) -> Void
    ) {
        answer(
            Result { () throws(JobStoreError) in
                try accept(submission, idempotency: idempotency)
            }
        )
    }

    package func replay(_ key: Idempotency) throws(JobStoreError) -> Acceptance? {
        try read("replay") { $0.replay(key) }
    }

    package func act(_ request: ActionRequest) throws(JobStoreError) -> ActionReceipt {
        try verb("act") { contents throws(JobStoreError) in try contents.act(request) }
    }

    package func edit(_ request: EditRequest) throws(JobStoreError) -> ActionReceipt {
        try verb("edit") { contents throws(JobStoreError) in try contents.edit(request) }
    }

    @discardableResult
    package func delete(_ id: JobID) throws(JobStoreError) -> [StoredFile] {
        try verb("delete") { contents throws(JobStoreError) in try contents.delete(id) }
    }

    package func removeJobs(
        endedBefore instant: Date,
        limit: Int
    ) throws(JobStoreError) -> [JobRemoval] {
        try verb("removeJobs") { $0.removeJobs(endedBefore: instant, limit: limit) }
    }

    package func lease(_ request: LeaseRequest) throws(JobStoreError) -> LeasedJob? {
        try verb("lease") { $0.lease(request) }
    }

    package func renew(_ key: LeaseKey, grantedThrough: Int?) throws(JobStoreError) -> LeasedJob {
        try verb("renew") { contents throws(JobStoreError) in
            try contents.renew(key, grantedThrough)
        }
    }

    package func note(
        _ events: [JobEventDraft],
        of key: LeaseKey
    ) throws(JobStoreError) -> LeasedJob {
        try verb("note") { contents throws(JobStoreError) in try contents.note(events, key) }
    }

    package func revive(
        _ key: LeaseKey,
        at instant: Date
    ) throws(JobStoreError) -> LeasedJob {
        try verb("revive") { contents throws(JobStoreError) in
            try contents.revive(key, at: instant)
        }
    }

    package func report(_ report: JobReport) throws(JobStoreError) -> ReportReceipt {
        try verb("report") { contents throws(JobStoreError) in try contents.report(report) }
    }

    package func commit(_ commit: CheckpointCommit) throws(JobStoreError) -> CheckpointReceipt {
        try verb("commit") { contents throws(JobStoreError) in try contents.commit(commit) }
    }

    package func discardCheckpoint(at step: Int, of id: JobID) throws(JobStoreError) {
        try verb("discardCheckpoint") { contents throws(JobStoreError) in
            try contents.discardCheckpoint(at: step, of: id)
        }
    }

    package func attach(_ commit: ArtifactCommit) throws(JobStoreError) -> StoredFile? {
        try verb("attach") { contents throws(JobStoreError) in try contents.attach(commit) }
    }

    package func finish(_ completion: JobCompletion) throws(JobStoreError) -> CompletionReceipt {
        try verb("finish") { contents throws(JobStoreError) in try contents.finish(completion) }
    }

    package func abandon(_ abandonment: LeaseAbandonment) throws(JobStoreError) -> [JobRecord] {
        try verb("abandon") { $0.abandon(abandonment) }
    }

    @discardableResult
    package func forgetIdempotencyKeys(before instant: Date) throws(JobStoreError) -> Int {
        try verb("forgetIdempotencyKeys") { $0.forgetIdempotencyKeys(before: instant) }
    }

    package func probe() throws(JobStoreError) {
        try verb("probe") { _ in }
    }

    package func job(_ id: JobID) throws(JobStoreError) -> JobRecord {
        try read("job") { contents throws(JobStoreError) in try contents.entry(id, in: "job").record
        }
    }

    package func jobs(_ query: JobQuery) throws(JobStoreError) -> JobPage {
        try read("jobs") { $0.jobs(query) }
    }

    package func counts() throws(JobStoreError) -> [JobState: Int] {
        try read("counts") { $0.counts() }
    }

    package func liveLeases() throws(JobStoreError) -> [Lease] {
        try read("liveLeases") { $0.liveLeases() }
    }

    package func leasedLabels(named keys: Set<String>) throws(JobStoreError) -> [Label: Int] {
        try read("leasedLabels") { $0.leasedLabels(named: keys) }
    }

    package func runs(of id: JobID) throws(JobStoreError) -> [Run] {
        try read("runs") { contents throws(JobStoreError) in try contents.entry(id, in: "runs").runs
        }
    }

    package func checkpoints(of id: JobID) throws(JobStoreError) -> [Checkpoint] {
        try read("checkpoints") { contents throws(JobStoreError) in
            try contents.checkpoints(of: id)
        }
    }

    package func events(
        of id: JobID,
        after number: Int,
        kinds: Set<JobEventKind>?,
        limit: Int
    ) throws(JobStoreError) -> JobEventPage {
        try read("events") { contents throws(JobStoreError) in
            try contents.events(of: id, after: number, kinds, limit: limit)
        }
    }

    package func artifacts(of id: JobID) throws(JobStoreError) -> [Artifact] {
        try read("artifacts") { contents throws(JobStoreError) in
            try contents.artifacts(of: id)
        }
    }

    package func content(of file: StoredFile) throws(JobStoreError) -> [UInt8]? {
        try read("content") { $0.content(of: file) }
    }

    package func needed(among hashes: Set<String>) throws(JobStoreError) -> Set<String> {
        try read("needed") { $0.needed(among: hashes) }
    }

    package func series(
        of id: JobID,
        names: Set<String>?,
        in steps: Range<Int>
    ) throws(JobStoreError) -> [SeriesSegment] {
        try read("series") { contents throws(JobStoreError) in
            try contents.series(of: id, names, in: steps)
        }
    }

    package func pointCount(
        of id: JobID,
        names: Set<String>,
        in steps: Range<Int>
    ) throws(JobStoreError) -> Int {
        try read("pointCount") { contents throws(JobStoreError) in
            try contents.series(of: id, names, in: steps).reduce(0) { $0 + $1.chunk.count }
        }
    }

    package func seriesNames(of id: JobID) throws(JobStoreError) -> [String] {
        try read("seriesNames") { contents throws(JobStoreError) in
            let curve = try contents.series(of: id, nil, in: 0..<Int.max)
            return Set(curve.map(\.chunk.series)).sorted()
        }
    }

    package func put(_ submission: DocumentSubmission) throws(JobStoreError) -> DocumentReceipt {
        try verb("put") { $0.documents.put(submission) }
    }

    package func deleteDocument(
        _ id: DocumentID,
        condition: DocumentCondition
    ) throws(JobStoreError) -> DocumentRemoval {
        try verb("deleteDocument") { contents throws(JobStoreError) in
            try contents.documents.delete(id, condition)
        }
    }

    package func document(
        _ id: DocumentID,
        version: Int?
    ) throws(JobStoreError) -> VersionedDocument {
        try read("document") { contents throws(JobStoreError) in
            try contents.documents.document(id, version)
        }
    }

    package func documents(_ query: DocumentQuery) throws(JobStoreError) -> DocumentPage {
        try read("documents") { $0.documents.documents(query) }
    }

    package func versions(
        of id: DocumentID,
        before version: Int?,
        limit: Int
    ) throws(JobStoreError) -> DocumentPage {
        try read("versions") { contents throws(JobStoreError) in
            try contents.documents.versions(of: id, before: version, limit: limit)
        }
    }

    package func close() {
        contents.withLock { $0.isOpen = false }
    }
}
