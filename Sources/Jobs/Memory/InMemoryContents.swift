import Foundation

/// What the in-memory store holds, and the verbs that change its jobs.
struct InMemoryContents: Sendable {
    /// A job with all that hangs on it.
    struct Entry: Sendable {
        var record: JobRecord
        var runs: [Run] = []
        var checkpoints: [Int: Checkpoint] = [:]
        var artifacts: [String: Artifact] = [:]
        var chunks: [(fence: Int, chunk: SeriesChunk)] = []
        var events: [JobEventRecord] = []

        /// The lease under which a worker's writes are accepted now.
        var lease: Lease? {
            record.state.isLeased ? runs.last?.lease : nil
        }

        /// Adds to the event log, and drops what is no longer kept.
        mutating func append(_ added: [JobEventRecord]) {
            events += added
            for (kind, through) in record.expiredEvents(after: added) {
                events.removeAll { $0.kind == kind && $0.id <= through }
            }
        }

        /// The files that the job needs.
        var files: [StoredFile] {
            checkpoints.sorted { $0.key < $1.key }.map(\.value.file)
                + artifacts.sorted { $0.key < $1.key }.map(\.value.file)
        }
    }

    private struct ScopedKey: Hashable {
        let scope: [UInt8]
        let key: String
    }

    let policy: RetryPolicy
    var isOpen = true
    var entries: [JobID: Entry] = [:]
    var documents = InMemoryDocuments()
    /// The bytes that came with verbs, by their hashes.
    var contents: [String: [UInt8]] = [:]
    private var idempotency: [ScopedKey: (Idempotency, acceptedAt: Date)] = [:]

    init(policy: RetryPolicy) {
        self.policy = policy
    }

    mutating func accept(
        _ submission: JobSubmission,
        _ key: Idempotency?
    ) throws(JobStoreError) -> Acceptance {
        if let key, let first = first(key) {
            return first.bodyHash == key.bodyHash ? .replayed(answer: first.answer) : .keyReused
        }
        if let limit = submission.queueLimit,
            entries.values.count(where: { $0.record.state == .queued }) >= limit
        {
            throw .queueFull(limit)
        }
        var entry = Entry(record: JobRecord(submission))
        if let origin = submission.origin {
            guard let begun = entries[origin.job]?.checkpoints[origin.step] else {
                throw .noOrigin(origin)
            }
            entry.checkpoints[origin.step] = entry.record.goOn(submission, from: begun)
        }
        if let key { keep(key, submission.instant) }
        entry.append(entry.record.noteAcceptance(submission))
        entries[submission.id] = entry
        return .created(entry.record)
    }

    func replay(_ key: Idempotency) -> Acceptance? {
        first(key).map { $0.bodyHash == key.bodyHash ? .replayed(answer: $0.answer) : .keyReused }
    }

    mutating func act(_ request: ActionRequest) throws(JobStoreError) -> ActionReceipt {
        if let key = request.idempotency, let first = first(key) {
            return first.bodyHash == key.bodyHash ? .replayed(answer: first.answer) : .keyReused
        }
        var entry = try entry(request.id, in: "act")
        guard request.expectedVersion.map({ $0 == entry.record.version }) ?? true else {
            return .changed
        }
        entry.append(try entry.record.apply(request))
        entries[request.id] = entry
        if let key = request.idempotency { keep(key, request.instant) }
        return .done(entry.record)
    }

    mutating func edit(_ request: EditRequest) throws(JobStoreError) -> ActionReceipt {
        if let key = request.idempotency, let first = first(key) {
            return first.bodyHash == key.bodyHash ? .replayed(answer: first.answer) : .keyReused
        }
        var entry = try entry(request.id, in: "edit")
        guard request.expectedVersion == entry.record.version else { return .changed }
        entry.append(try entry.record.apply(request))
        entries[request.id] = entry
        if let key = request.idempotency { keep(key, request.instant) }
        return .done(entry.record)
    }

    /// What a key was used for before.
    private func first(_ key: Idempotency) -> Idempotency? {
        idempotency[ScopedKey(scope: key.scope, key: key.key)]?.0
    }

    private mutating func keep(_ key: Idempotency, _ instant: Date) {
        idempotency[ScopedKey(scope: key.scope, key: key.key)] = (key, instant)
    }

    mutating func delete(_ id: JobID) throws(JobStoreError) -> [StoredFile] {
        let entry = try entry(id, in: "delete")
        guard entry.record.state.isTerminal else { throw .unfinished(entry.record) }
        entries[id] = nil
        return entry.files
    }

    mutating func removeJobs(endedBefore instant: Date, limit: Int) -> [JobRemoval] {
        let origins = Set(entries.values.compactMap(\.record.origin?.job))
        let ended = entries.values.map(\.record).compactMap { record in
            record.finishedAt.map { (endedAt: $0, id: record.id) }
        }
        let old = ended.filter { $0.endedAt < instant && !origins.contains($0.id) }
            .sorted { ($0.endedAt, $0.id) < ($1.endedAt, $1.id) }
        return old.prefix(limit).map { _, id in
            JobRemoval(id: id, files: entries.removeValue(forKey: id)?.files ?? [])
        }
    }

    mutating func lease(_ request: LeaseRequest) -> LeasedJob? {
        let answered = liveLeases().first {
            $0.worker == request.worker && $0.requestID == request.requestID
        }
        if let answered, let entry = entries[answered.key.job] {
            return LeasedJob(job: entry.record, lease: answered)
        }
        guard let (next, gpus) = self.next(for: request), var entry = entries[next.id] else {
            return nil
        }
        let newest = entry.checkpoints.values
            .filter { $0.isOpen(after: entry.record.restartFence) }
            .max { $0.step < $1.step }
        let (lease, events) = entry.record.grant(
            to: request,
            from: newest,
            having: gpus
        )
        entry.append(events)
        entry.runs.append(Run(lease: lease))
        entries[next.id] = entry
        return LeasedJob(job: entry.record, lease: lease)
    }

    mutating func renew(_ key: LeaseKey, _ through: Int?) throws(JobStoreError) -> LeasedJob {
        var (entry, lease) = try leased(key, in: "renew")
        lease.extend(through: through)
        return store(&entry, lease)
    }

    mutating func note(
        _ events: [JobEventDraft],
        _ key: LeaseKey
    ) throws(JobStoreError) -> LeasedJob {
        var (entry, lease) = try leased(key, in: "note")
        entry.append(entry.record.note(events))
        return store(&entry, lease)
    }

    mutating func revive(_ key: LeaseKey, at instant: Date) throws(JobStoreError) -> LeasedJob {
        let taken = Set(liveLeases().flatMap(\.gpus))
        guard var entry = entries[key.job], var run = entry.runs.last, run.lease.key == key,
            taken.isDisjoint(with: run.lease.gpus),
            let events = entry.record.revive(run, at: instant)
        else { throw .leaseLost(key, in: "revive") }
        run.endedAt = nil
        run.ending = nil
        entry.runs[entry.runs.count - 1] = run
        entry.append(events)
        return store(&entry, run.lease)
    }

    mutating func discardCheckpoint(at step: Int, of id: JobID) throws(JobStoreError) {
        var entry = try entry(id, in: "discardCheckpoint")
        entry.checkpoints[step] = nil
        entries[id] = entry
    }

    mutating func abandon(_ abandonment: LeaseAbandonment) -> [JobRecord] {
        liveLeases().filter(abandonment.selection.contains).compactMap { lease in
            entries[lease.key.job].map { entry in
                var ended = entry
                ended.append(ended.record.end(abandonment, policy: policy))
                return close(ended, abandonment.cause.ending, at: abandonment.instant)
            }
        }
    }

    mutating func forgetIdempotencyKeys(before instant: Date) -> Int {
        let count = idempotency.count
        idempotency = idempotency.filter { $0.value.acceptedAt >= instant }
        return count - idempotency.count
    }

    /// Puts an entry back whose live lease has ended.
    mutating func close(
        _ entry: Entry,
        _ ending: RunEnding,
        at instant: Date
    ) -> JobRecord {
        var entry = entry
        entry.runs[entry.runs.count - 1].endedAt = instant.roundedToMicroseconds
        entry.runs[entry.runs.count - 1].ending = ending
        entries[entry.record.id] = entry
        return entry.record
    }

    /// Puts an entry back with its live lease changed.
    mutating func store(_ entry: inout Entry, _ lease: Lease) -> LeasedJob {
        entry.runs[entry.runs.count - 1].lease = lease
        entries[entry.record.id] = entry
        return LeasedJob(job: entry.record, lease: lease)
    }

    /// The entry of a job and its live lease, which the key must be.
    func leased(
        _ key: LeaseKey,
        in operation: String
    ) throws(JobStoreError) -> (Entry, Lease) {
        guard let entry = entries[key.job], let lease = entry.lease, lease.key == key else {
            throw .leaseLost(key, in: operation)
        }
        return (entry, lease)
    }
}
