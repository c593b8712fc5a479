internal import Synchronization

/// Answers of jobs that have ended, kept while the store does not change.
///
/// Whatever could change such a job, its deletion or another try, is a commit, so that an answer holds while
/// their number does. What a job waits for changes without one, so that jobs that have not ended are not here.
final class EndedJobs: Sendable {
    /// How many answers are kept.
    private static let limit = 1_024

    /// An answer.
    struct Job: Sendable {
        let body: [UInt8]
        /// The entity tag.
        let tag: String
        /// The commits of the store that it was read from.
        fileprivate let commits: Int
    }

    private let jobs = Mutex<[String: Job]>([:])

    /// The answer of a job by its id's text, if it was read after the same number of commits.
    func job(_ id: String, as commits: Int?) -> Job? {
        guard let commits, let job = jobs.withLock({ $0[id] }), job.commits == commits else {
            return nil
        }
        return job
    }

    /// Keeps an answer that was read after `commits` were counted; none where that is not known.
    func keep(_ id: String, _ body: [UInt8], tag: String, as commits: Int?) {
        guard let commits else { return }
        jobs.withLock { jobs in
            if jobs.count >= Self.limit { jobs.removeAll(keepingCapacity: true) }
            jobs[id] = Job(body: body, tag: tag, commits: commits)
        }
    }
}
