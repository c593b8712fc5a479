package import Foundation
import GRDB
package import Jobs
import Synchronization

/// A store in one SQLite file in a data folder, for one server process.
///
/// The folder holds `jobs.sqlite` with its `-wal` and `-shm`, `jobs.lock`, and `jobs.sqlite.unchecked`
/// while the database may be damaged. Verbs that write go through one writer thread; reads go beside it, on
/// up to four connections of their own, and see every verb that was answered before they began.
package final class SQLiteJobStore: JobStore {
    private let lock: FolderLock
    let pool: DatabasePool
    private let writer: SQLiteWriter
    private let verbs: Verbs
    private let search: DamageSearch?
    private let isOpen = Mutex(true)

    /// Opens the store of a folder, and makes both where they do not exist.
    ///
    /// After an unclean end the file is checked for damage: one of up to 64 MiB first; a larger one beside
    /// the work, and where something is found, nothing is written any more. Until a check has come to its
    /// end and found nothing, every later opening checks again.
    ///
    /// - Parameters:
    ///   - folder: The path of the data folder.
    ///   - policy: What decides whether a job runs again.
    ///   - checkedBytes: The size up to which a file is checked first.
    ///   - warn: Takes a sentence on a check that did not come to its end; on any thread.
    /// - Throws: `locked` while another server has the folder; `newerSchema`; `corrupt`;
    ///   `unavailable` for a folder that cannot be made or written.
    package init(
        folder: String,
        policy: RetryPolicy = RetryPolicy(),
        checkedBytes: Int = 64 << 20,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(JobStoreError) {
        try makeFolder(folder)
        lock = try FolderLock(folder: folder)
        let file = SQLiteFile(folder: folder)
        let isDoubtful: Bool
        do throws(JobStoreError) {
            (pool, isDoubtful) = try file.open(checkedBytes: checkedBytes)
        } catch {
            lock.release()
            throw error
        }
        let writer = SQLiteWriter(pool)
        self.writer = writer
        verbs = Verbs(policy: policy)
        let path = pool.path
        file.transfer.onFailure { [weak writer] reason in
            writer?.refuse("\(path) failed: \(reason)")
            // A disk that failed may not take the mark; the log that is left says the same until a clean close.
            try? DoubtMark(of: path).set()
        }
        search =
            isDoubtful
            ? Self.search(path, writer) { reason in
                warn(
                    "\(path) is not wholly checked for damage: \(reason); the next start checks it again"
                )
            } : nil
    }

    private static func search(
        _ path: String,
        _ writer: SQLiteWriter,
        _ warn: @escaping @Sendable (String) -> Void
    ) -> DamageSearch? {
        do {
            return try DamageSearch(path) { verdict in
                switch verdict {
                case .sound: writer.endDoubt()
                case .damaged(let what): writer.refuse("\(path) is damaged: \(what)")
                case .unfinished(let reason?): warn(reason)
                case .unfinished(nil): break
                }
            }
        } catch {
            warn("\(error)")
            return nil
        }
    }

    deinit {
        close()
    }

    package func close() {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        guard wasOpen else { return }
        search?.stop()
        writer.close()
        // What a close can leave undone, the next open does: it finds the log and reads it.
        try? pool.close()
        lock.release()
    }

    package var settledCommits: Int? { writer.settledCommits }

    package func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?
    ) throws(JobStoreError) -> Acceptance {
        try writer.perform("accept", isDurable: true) { [verbs] in
            try verbs.accept(submission, idempotency, in: $0)
        }
    }

    package func accept(
        _ submission: JobSubmission,
        idempotency: Idempotency?,
        then answer: @escaping @Sendable (Result<Acceptance, JobStoreError>) -> Void
    ) {
        writer.perform(
            "accept",
            isDurable: true,
            { [verbs] in
                try verbs.accept(submission, idempotency, in: $0)
            },
            then: answer
        )
    }

    package func act(_ request: ActionRequest) throws(JobStoreError) -> ActionReceipt {
        try writer.perform("act", isDurable: true) { [verbs] in try verbs.act(request, in: $0) }
    }

    package func edit(_ request: EditRequest) throws(JobStoreError) -> ActionReceipt {
        try writer.perform("edit", isDurable: true) { [verbs] in try verbs.edit(request, in: $0) }
    }

    @discardableResult
    package func delete(_ id: JobID) throws(JobStoreError) -> [StoredFile] {
        try writer.perform("delete", isDurable: true) { [verbs] in
            try verbs.delete(id, in: $0)
        }
    }

    package func removeJobs(
        endedBefore instant: Date,
        limit: Int
    ) throws(JobStoreError) -> [JobRemoval] {
        try writer.perform("removeJobs", isDurable: true) { [verbs] in
            try verbs.removeJobs(endedBefore: instant, limit: limit, in: $0)
        }
    }

    package func lease(_ request: LeaseRequest) throws(JobStoreError) -> LeasedJob? {
        try writer.perform("lease", isDurable: false) { [verbs] in
            try verbs.lease(request, in: $0)
        }
    }

    package func renew(_ key: LeaseKey, grantedThrough: Int?) throws(JobStoreError) -> LeasedJob {
        guard let grantedThrough else {
            return try read("renew") { [verbs] in
                let (job, lease) = try verbs.leased(key, "renew", in: $0)
                return LeasedJob(job: job, lease: lease)
            }
        }
        return try writer.perform("renew", isDurable: false) { [verbs] in
            try verbs.renew(key, through: grantedThrough, in: $0)
        }
    }

    package func note(
        _ events: [JobEventDraft],
        of key: LeaseKey
    ) throws(JobStoreError) -> LeasedJob {
        try writer.perform("note", isDurable: false) { [verbs] in
            try verbs.note(events, of: key, in: $0)
        }
    }

    package func revive(
        _ key: LeaseKey,
        at instant: Date
    ) throws(JobStoreError) -> LeasedJob {
        try writer.perform("revive", isDurable: true) { [verbs] in
            try verbs.revive(key, at: instant, in: $0)
        }
    }

    package func report(_ report: JobReport) throws(JobStoreError) -> ReportReceipt {
        try writer.perform("report", isDurable: false) { [verbs] in
            try verbs.report(report, in: $0)
        }
    }

    package func commit(_ commit: CheckpointCommit) throws(JobStoreError) -> CheckpointReceipt {
        try writer.perform("commit", isDurable: true) { [verbs] in
            try verbs.commit(commit, in: $0)
        }
    }

    package func discardCheckpoint(at step: Int, of id: JobID) throws(JobStoreError) {
        try writer.perform("discardCheckpoint", isDurable: true) { [verbs] in
            try verbs.discardCheckpoint(at: step, of: id, in: $0)
        }
    }

    package func attach(_ commit: ArtifactCommit) throws(JobStoreError) -> StoredFile? {
        try writer.perform("attach", isDurable: true) { [verbs] in
            try verbs.attach(commit, in: $0)
        }
    }

    package func finish(_ completion: JobCompletion) throws(JobStoreError) -> CompletionReceipt {
        try writer.perform("finish", isDurable: true) { [verbs] in
            try verbs.finish(completion, in: $0)
        }
    }

    package func abandon(_ abandonment: LeaseAbandonment) throws(JobStoreError) -> [JobRecord] {
        try writer.perform("abandon", isDurable: true) { [verbs] in
            try verbs.abandon(abandonment, in: $0)
        }
    }

    @discardableResult
    package func forgetIdempotencyKeys(before instant: Date) throws(JobStoreError) -> Int {
        try writer.perform("forgetIdempotencyKeys", isDurable: false) { [verbs] in
            try verbs.forgetIdempotencyKeys(before: instant, in: $0)
        }
    }

    package func probe() throws(JobStoreError) {
        try writer.perform("probe", isDurable: true) { [verbs] in try verbs.probe(in: $0) }
    }

    package func put(_ submission: DocumentSubmission) throws(JobStoreError) -> DocumentReceipt {
        try writer.perform("put", isDurable: true) { try DocumentsTable.put(submission, in: $0) }
    }

    package func deleteDocument(
        _ id: DocumentID,
        condition: DocumentCondition
    ) throws(JobStoreError) -> DocumentRemoval {
        try writer.perform("deleteDocument", isDurable: true) {
            try DocumentsTable.delete(id, condition, in: $0)
        }
    }

    /// Runs a read on a connection of its own.
    func read<Answer>(
        _ operation: String,
        _ body: (Database) throws -> Answer
    ) throws(JobStoreError) -> Answer {
        do {
            guard isOpen.withLock({ $0 }) else {
                throw JobStoreError.unavailable(operation, because: "the store is closed")
            }
            return try pool.read(body)
        } catch {
            throw JobStoreError(error, in: operation, at: pool.path)
        }
    }
}
