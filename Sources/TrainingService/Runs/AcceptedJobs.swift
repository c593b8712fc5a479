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
    /// How many are kept.
    private static let limit = 4_096

    private let jobs = Mutex<[JobID: ReadJob]>([:])

    /// Keeps a job that was accepted.
    func insert(_ job: ReadJob, _ id: JobID) {
        jobs.withLock { jobs in
            if jobs.count >= Self.limit { jobs.removeAll(keepingCapacity: true) }
            jobs[id] = job
        }
    }

    /// Lets go of a job, and returns it; `nil` where it is not known.
    func take(_ id: JobID) -> ReadJob? {
        jobs.withLock { $0.removeValue(forKey: id) }
    }
}
