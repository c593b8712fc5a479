internal import Jobs
internal import Synchronization
internal import TrainingAPI

/// A job's specification as it was read.
struct ReadJob: Sendable {
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
    init?(reading bytes: [UInt8]) {
        guard let stored = StoredJob(reading: bytes), let work = stored.work else { return nil }
        self.init(work, storedAs: stored)
    }
}

/// Jobs that were accepted and not granted yet, as they were read then.
///
/// So a job that is granted soon is not read a second time. What a job says never changes.
final class AcceptedJobs: Sendable {
    /// How many are kept, and how many bytes they have as they are stored.
    private static let limits = (count: 4_096, bytes: 8 << 20)

    private struct State {
        var jobs: [JobID: (job: ReadJob, bytes: Int)] = [:]
        var bytes = 0
    }

    private let state = Mutex(State())

    /// Keeps a job that is about to be accepted.
    ///
    /// - Parameters:
    ///   - job: What it says.
    ///   - submission: What is stored of it.
    func insert(_ job: ReadJob, _ submission: JobSubmission) {
        let bytes = submission.specification.count
        state.withLock { state in
            if state.jobs.count >= Self.limits.count || state.bytes + bytes > Self.limits.bytes {
                state = State()
            }
            guard bytes <= Self.limits.bytes else { return }
            state.jobs[submission.id] = (job, bytes)
            state.bytes += bytes
        }
    }

    /// Lets go of a job, and returns it; `nil` where it is not known.
    @discardableResult
    func take(_ id: JobID) -> ReadJob? {
        state.withLock { state in
            guard let (job, bytes) = state.jobs.removeValue(forKey: id) else { return nil }
            state.bytes -= bytes
            return job
        }
    }
}
