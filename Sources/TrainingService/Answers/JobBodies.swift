internal import Jobs
internal import Synchronization
internal import TrainingAPI

/// Encodes jobs, once per version.
final class JobBodies: Sendable {
    /// How many encoded bodies are kept.
    private static let limit = 4_096

    private struct Entry {
        let version: Int
        let isSilent: Bool
        let waiting: WaitingReason?
        let body: [UInt8]
    }

    private let cache = Mutex<[JobID: Entry]>([:])

    /// The job as JSON.
    ///
    /// - Parameters:
    ///   - record: The job.
    ///   - waiting: What it waits for, where it is queued.
    ///   - isSilent: Whether nothing is heard of the script that runs it.
    /// - Returns: The body.
    func body(of record: JobRecord, waiting: WaitingReason?, isSilent: Bool) -> [UInt8] {
        if let entry = cache.withLock({ $0[record.id] }), entry.version == record.version,
            entry.waiting == waiting, entry.isSilent == isSilent
        {
            return entry.body
        }
        let body = Self.encode(record, nil, waiting, isSilent: isSilent)
        cache.withLock { cache in
            if cache.count >= Self.limit { cache.removeAll(keepingCapacity: true) }
            cache[record.id] = Entry(
                version: record.version,
                isSilent: isSilent,
                waiting: waiting,
                body: body
            )
        }
        return body
    }

    /// The body of a job that is not stored as it is here, so that it must not be kept.
    func body(
        ofUnstored record: JobRecord,
        _ stored: StoredJob?,
        waiting: WaitingReason?
    ) -> [UInt8] {
        Self.encode(record, stored, waiting, isSilent: false)
    }

    /// Forgets a job that is there no more.
    func forget(_ id: JobID) {
        cache.withLock { $0[id] = nil }
    }

    /// The strong entity tag of a job.
    ///
    /// What a job waits for changes without the job, as time passes and others end.
    ///
    /// - Parameters:
    ///   - version: The job's version.
    ///   - reason: What a queued job waits for, as a sentence.
    /// - Returns: The tag.
    static func tag(version: Int, waiting reason: String?) -> String {
        guard let reason, reason != WaitingReason.worker.sentence else { return "\"\(version)\"" }
        return "\"\(version)-\(Digest.hexadecimal(of: Array(reason.utf8)).prefix(8))\""
    }

    private static func encode(
        _ record: JobRecord,
        _ known: StoredJob?,
        _ waiting: WaitingReason?,
        isSilent: Bool
    ) -> [UInt8] {
        let facts = RunFacts(reading: record.progress)
        let stored = known ?? StoredJob(reading: record.specification)
        var body = JobBody(
            id: record.id.description,
            kind: record.kind,
            state: record.state.rawValue,
            attempt: record.attempt,
            specification: stored?.specification ?? JSONFragment(Document(.null)),
            progress: JobBody.Progress(
                step: record.step,
                totalSteps: record.totalSteps,
                stepsPerEpoch: stored?.stepsPerEpoch ?? record.totalSteps,
                secondsLeft: record.state.isLeased ? facts?.secondsLeft : nil
            ),
            createdAt: Instant.text(record.createdAt)
        )
        body.name = record.name
        body.unreachable = isSilent && record.state == .running
        body.stateReason = body.unreachable ? silence(record) : reason(record, waiting)
        body.summary = summary(of: record)
        if !record.isExact { body.summary?.exact = false }
        body.failure = record.failure.map {
            JobBody.Failure(code: $0.code, detail: $0.detail ?? "")
        }
        body.mismatchedSteps = facts?.mismatches ?? 0
        body.forkedFrom = record.origin.map { origin in
            JobBody.Origin(jobID: origin.job.description, step: origin.step)
        }
        body.warnings = stored?.warnings ?? []
        body.labels = record.labels
        body.notes = record.notes
        body.host = record.host
        body.startedAt = record.startedAt.map(Instant.text)
        body.finishedAt = record.finishedAt.map(Instant.text)
        return body.json()
    }

    /// What the job has come to; `nil` before the first report of a run.
    static func summary(of record: JobRecord) -> TrainingSummary? {
        // The service wrote these bytes; a job is shown even where they cannot be read back.
        record.summary.flatMap { (try? JSONReader.read($0))?.document }
            .flatMap { TrainingSummary($0) }
    }

    /// Why the job stands where it does, as a sentence.
    private static func reason(_ record: JobRecord, _ waiting: WaitingReason?) -> String? {
        switch record.state {
        case .queued: (waiting ?? .worker).sentence
        case .cancelling: "Its worker is told to stop."
        case .pausing: "Its worker is told to save a checkpoint and let go."
        case .paused: "Waits to be resumed."
        case .failed: record.failure?.detail
        case .succeeded:
            summary(of: record)?.earlyStop.map(sentences) ?? (isShort(record) ? short(record) : nil)
        case .running, .cancelled: nil
        }
    }

    private static func isShort(_ record: JobRecord) -> Bool {
        record.kind != JobSpecification.Kind.train.rawValue && record.step < record.totalSteps
    }

    /// That a script has ended before its last step.
    private static func short(_ record: JobRecord) -> String {
        record.step == 0
            ? "The script ended without reporting a step of its \(record.totalSteps)."
            : "The script ended after \(record.step) of \(record.totalSteps) steps."
    }

    /// That nothing is heard of a script.
    private static func silence(_ record: JobRecord) -> String {
        "Nothing is heard of the script on \(record.host ?? "its machine"), which may go on by its plan;"
            + " start it again with LEHR_JOB=\(record.id), or cancel the job."
    }

    /// Where and why a run ended early, and what that left undone.
    private static func sentences(_ stop: TrainingSummary.EarlyStop) -> String {
        "Stopped early at step \(stop.step): \(stop.reason)."
            + (stop.warning.map { " \($0)" } ?? "")
    }
}
