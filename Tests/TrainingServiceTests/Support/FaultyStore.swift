import Dispatch
import Foundation
import Jobs
import Synchronization

/// A store in memory whose verbs fail as a test wishes.
final class FaultyStore: JobStore {
    /// When a verb fails.
    enum Fault {
        /// Before anything is stored.
        case before
        /// After everything is stored, as where the answer to a commit is lost.
        case after
        /// Not before the test lets go, as on a disk that hangs.
        case held(Hold)
    }

    /// Where verbs wait until a test lets them go.
    final class Hold: Sendable {
        private let gate = DispatchSemaphore(value: 0)
        private let count = Mutex(0)

        /// How many verbs have come here.
        var arrivals: Int { count.withLock { $0 } }

        /// Lets one verb go.
        func release() { gate.signal() }

        fileprivate func wait() {
            count.withLock { $0 += 1 }
            gate.wait()
        }
    }

    private let store: InMemoryJobStore
    private let faults = Mutex<[String: Fault]>([:])

    init(policy: RetryPolicy = RetryPolicy()) {
        store = InMemoryJobStore(policy: policy)
    }

    var settledCommits: Int? { store.settledCommits }

    /// Makes `verb` fail from now on; `nil` makes it work again.
    func fail(_ verb: String, _ fault: Fault?) {
        faults.withLock { $0[verb] = fault }
    }

    private func verb<Answer>(
        _ name: String,
        _ body: () throws(JobStoreError) -> Answer
    ) throws(JobStoreError) -> Answer {
        let fault = faults.withLock { $0[name] }
        let error = JobStoreError(code: .unavailable, operation: name, detail: "the disk is gone")
        if case .before = fault { throw error }
        if case .held(let hold) = fault { hold.wait() }
        let answer = try body()
        if case .after = fault { throw error }
        return answer
    }

    func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?
    ) throws(JobStoreError) -> Acceptance {
        try store.accept(submission, idempotency: idempotency)
    }

    func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?,
        then answer: @escaping @Sendable (Result<Acceptance, JobStoreError>) -> Void
    ) {
        store.accept(submission, idempotency: idempotency, then: answer)
    }

    func content(of file: StoredFile) throws(JobStoreError) -> [UInt8]? {
        try store.content(of: file)
    }

    func replay(_ key: Idempotency) throws(JobStoreError) -> Acceptance? {
        try store.replay(key)
    }

    func act(_ request: ActionRequest) throws(JobStoreError) -> ActionReceipt {
        try verb("act") { () throws(JobStoreError) in try store.act(request) }
    }

    func edit(_ request: EditRequest) throws(JobStoreError) -> ActionReceipt {
        try verb("edit") { () throws(JobStoreError) in try store.edit(request) }
    }

    func delete(_ id: JobID) throws(JobStoreError) -> [StoredFile] { try store.delete(id) }

    func removeJobs(endedBefore instant: Date, limit: Int) throws(JobStoreError) -> [JobRemoval] {
        try store.removeJobs(endedBefore: instant, limit: limit)
    }

    func leasedLabels(named keys: Set<String>) throws(JobStoreError) -> [Label: Int] {
        try store.leasedLabels(named: keys)
    }

    func lease(_ request: LeaseRequest) throws(JobStoreError) -> LeasedJob? {
        try store.lease(request)
    }

    func renew(_ key: LeaseKey, grantedThrough: Int?) throws(JobStoreError) -> LeasedJob {
        try verb("renew") { () throws(JobStoreError) in
            try store.renew(key, grantedThrough: grantedThrough)
        }
    }

    func note(_ events: [JobEventDraft], of key: LeaseKey) throws(JobStoreError) -> LeasedJob {
        try verb("note") { () throws(JobStoreError) in try store.note(events, of: key) }
    }

    func revive(_ key: LeaseKey, at instant: Date) throws(JobStoreError) -> LeasedJob {
        try verb("revive") { () throws(JobStoreError) in try store.revive(key, at: instant) }
    }

    func report(_ report: JobReport) throws(JobStoreError) -> ReportReceipt {
        try verb("report") { () throws(JobStoreError) in try store.report(report) }
    }

    func commit(_ commit: CheckpointCommit) throws(JobStoreError) -> CheckpointReceipt {
        try verb("commit") { () throws(JobStoreError) in try store.commit(commit) }
    }

    func discardCheckpoint(at step: Int, of id: JobID) throws(JobStoreError) {
        try store.discardCheckpoint(at: step, of: id)
    }

    func attach(_ commit: ArtifactCommit) throws(JobStoreError) -> StoredFile? {
        try verb("attach") { () throws(JobStoreError) in try store.attach(commit) }
    }

    func artifacts(of id: JobID) throws(JobStoreError) -> [Artifact] {
        try store.artifacts(of: id)
    }

    func needed(among hashes: Set<String>) throws(JobStoreError) -> Set<String> {
        try store.needed(among: hashes)
    }

    func finish(_ completion: JobCompletion) throws(JobStoreError) -> CompletionReceipt {
        try verb("finish") { () throws(JobStoreError) in try store.finish(completion) }
    }

    func abandon(_ abandonment: LeaseAbandonment) throws(JobStoreError) -> [JobRecord] {
        try verb("abandon") { () throws(JobStoreError) in try store.abandon(abandonment) }
    }

    func forgetIdempotencyKeys(before instant: Date) throws(JobStoreError) -> Int {
        try store.forgetIdempotencyKeys(before: instant)
    }

    func probe() throws(JobStoreError) {
        try verb("probe") { () throws(JobStoreError) in try store.probe() }
    }

    func job(_ id: JobID) throws(JobStoreError) -> JobRecord { try store.job(id) }
    func jobs(_ query: JobQuery) throws(JobStoreError) -> JobPage { try store.jobs(query) }
    func counts() throws(JobStoreError) -> [JobState: Int] { try store.counts() }
    func liveLeases() throws(JobStoreError) -> [Lease] { try store.liveLeases() }
    func runs(of id: JobID) throws(JobStoreError) -> [Run] { try store.runs(of: id) }

    func checkpoints(of id: JobID) throws(JobStoreError) -> [Checkpoint] {
        try store.checkpoints(of: id)
    }

    func events(
        of id: JobID,
        after number: Int,
        kinds: Set<JobEventKind>?,
        limit: Int
    ) throws(JobStoreError) -> JobEventPage {
        try store.events(of: id, after: number, kinds: kinds, limit: limit)
    }

    func series(
        of id: JobID,
        names: Set<String>?,
        in steps: Range<Int>
    ) throws(JobStoreError) -> [SeriesSegment] {
        try store.series(of: id, names: names, in: steps)
    }

    func pointCount(
        of id: JobID,
        names: Set<String>,
        in steps: Range<Int>
    ) throws(JobStoreError) -> Int {
        try store.pointCount(of: id, names: names, in: steps)
    }

    func seriesNames(of id: JobID) throws(JobStoreError) -> [String] {
        try store.seriesNames(of: id)
    }

    func put(_ submission: DocumentSubmission) throws(JobStoreError) -> DocumentReceipt {
        try verb("put") { () throws(JobStoreError) in try store.put(submission) }
    }

    func deleteDocument(
        _ id: DocumentID,
        condition: DocumentCondition
    ) throws(JobStoreError) -> DocumentRemoval {
        try store.deleteDocument(id, condition: condition)
    }

    func document(_ id: DocumentID, version: Int?) throws(JobStoreError) -> VersionedDocument {
        try store.document(id, version: version)
    }

    func documents(_ query: DocumentQuery) throws(JobStoreError) -> DocumentPage {
        try store.documents(query)
    }

    func versions(
        of id: DocumentID,
        before version: Int?,
        limit: Int
    ) throws(JobStoreError) -> DocumentPage {
        try store.versions(of: id, before: version, limit: limit)
    }

    func close() { store.close() }
}
