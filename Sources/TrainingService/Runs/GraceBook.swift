internal import Jobs
internal import Synchronization

/// Until when workers may still write that were told to let go of their jobs, on the server's continuous
/// clock.
final class GraceBook: Sendable {
    private let ends = Mutex<[JobID: ContinuousClock.Instant]>([:])

    /// Gives the worker of a job some time, unless its time runs already: a second request to stop
    /// does not lengthen it.
    func begin(_ job: JobID, for grace: Duration, now: ContinuousClock.Instant = .now) {
        ends.withLock { ends in
            if ends[job] == nil { ends[job] = now + grace }
        }
    }

    /// Forgets a job whose worker has let go.
    func end(_ job: JobID) {
        ends.withLock { $0[job] = nil }
    }

    /// The jobs whose workers' time is over at `now`; they stay until they are ended.
    func expired(now: ContinuousClock.Instant = .now) -> Set<JobID> {
        ends.withLock { ends in Set(ends.filter { $0.value <= now }.keys) }
    }
}
