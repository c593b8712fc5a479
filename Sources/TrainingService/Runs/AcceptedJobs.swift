internal import Jobs
internal import Synchronization
internal import TrainingAPI

/// A job's specification as it was read.
///
/// A class, so that none is copied under a lock.
final class ReadJob: Sendable {
    /// Its stored form.
    let stored: StoredJob
    /// What it says.
    let work: JobWork

    /// A job that is about to be stored.
    init(_ work: JobWork, storedAs stored: StoredJob) {
        self.stored = stored
        self.work = work
    }

    /// Reads what was stored; `nil` where this version cannot read it.
    convenience init?(reading bytes: [UInt8]) {
        guard let stored = StoredJob(reading: bytes), let work = stored.work else { return nil }
        self.init(work, storedAs: stored)
    }
}

/// Jobs that were accepted and not granted yet, as they were read then.
///
/// So a job that is granted soon is not read a second time. What a job says never changes. There are two
/// generations: when the younger one is full, the older one is forgotten.
final class AcceptedJobs: Sendable {
    /// How many a generation has, and how many bytes they have as they are stored.
    private static let limits = (count: 2_048, bytes: 4 << 20)

    private struct Generation {
        var jobs: [JobID: (job: ReadJob, bytes: Int)] = [:]
        var bytes = 0

        mutating func take(_ id: JobID) -> ReadJob? {
            guard let (job, bytes) = jobs.removeValue(forKey: id) else { return nil }
            self.bytes -= bytes
            return job
        }
    }

    private struct State {
        var young = Generation()
        var old = Generation()
    }

    private let state = Mutex(State())

    /// Keeps a job that is about to be accepted.
    ///
    /// - Parameters:
    ///   - job: What it says.
    ///   - submission: What is stored of it.
    func insert(_ job: ReadJob, _ submission: JobSubmission) {
        let (bytes, limits) = (submission.specification.count, Self.limits)
        guard bytes <= limits.bytes else { return }
        // It is let go of when others have the lock again.
        let forgotten = state.withLock { state -> Generation? in
            var forgotten: Generation?
            if state.young.jobs.count >= limits.count || state.young.bytes + bytes > limits.bytes {
                forgotten = state.old
                (state.old, state.young) = (state.young, Generation())
            }
            state.young.jobs[submission.id] = (job, bytes)
            state.young.bytes += bytes
            return forgotten
        }
        _ = forgotten
    }

    /// Lets go of a job, and returns it; `nil` where it is not known.
    @discardableResult
    func take(_ id: JobID) -> ReadJob? {
        state.withLock { $0.old.take(id) ?? $0.young.take(id) }
    }
}
