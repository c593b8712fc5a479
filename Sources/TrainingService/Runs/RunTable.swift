internal import Jobs
internal import Synchronization

/// The runs of live leases, by lease, and to which jobs leases belonged that have ended of late.
final class RunTable: Sendable {
    /// How many ended leases are remembered, so that a repeated completion finds its job.
    private static let memory = 4_096

    private struct State {
        var runs: [LeaseID: ActiveRun] = [:]
        var ended: [LeaseID: LeaseKey] = [:]
        var order: [LeaseID] = []
    }

    private let state = Mutex(State())

    /// The run of `lease`.
    func run(of lease: LeaseID) -> ActiveRun? {
        state.withLock { $0.runs[lease] }
    }

    /// The run of `job`.
    func run(of job: JobID) -> ActiveRun? {
        state.withLock { state in state.runs.values.first { $0.key.job == job } }
    }

    /// The key of `lease`, live or ended of late.
    func key(of lease: LeaseID) -> LeaseKey? {
        state.withLock { $0.runs[lease]?.key ?? $0.ended[lease] }
    }

    /// The runs of jobs that have run for as long as they may at `now`.
    func overdue(now: ContinuousClock.Instant) -> [ActiveRun] {
        state.withLock { state in state.runs.values.filter { $0.clock.isOver(now: now) } }
    }

    /// Adds a run, unless its lease has one.
    ///
    /// - Returns: The lease's run: of several that are built at once, all use the first.
    func insert(_ run: ActiveRun) -> ActiveRun {
        state.withLock { state in
            if let known = state.runs[run.key.lease] { return known }
            state.runs[run.key.lease] = run
            return run
        }
    }

    /// The leases that `worker` holds, but that of the request `requestID`.
    func keys(of worker: String, besides requestID: String? = nil) -> [LeaseKey] {
        state.withLock { state in
            state.runs.values.filter { $0.worker == worker && $0.requestID != requestID }
                .map(\.key)
        }
    }

    /// Ends the run of a lease, which stays known for a while.
    func remove(_ key: LeaseKey) {
        state.withLock { state in
            state.runs[key.lease] = nil
            guard state.ended.updateValue(key, forKey: key.lease) == nil else { return }
            state.order.append(key.lease)
            if state.order.count > Self.memory {
                state.ended[state.order.removeFirst()] = nil
            }
        }
    }

    /// Ends the runs of `job` up to a fence, and returns the keys of their leases.
    ///
    /// A run of a higher fence is another worker's, who got the job meanwhile.
    func removeRuns(of job: JobID, through fence: Int) -> [LeaseKey] {
        let keys = state.withLock { state in
            state.runs.values.map(\.key).filter { $0.job == job && $0.fence <= fence }
        }
        for key in keys { remove(key) }
        return keys
    }

    /// The job that has each GPU, by the GPU's id.
    var gpus: [String: JobID] {
        state.withLock { state in
            let pairs = state.runs.values.flatMap { run in run.gpus.map { ($0, run.key.job) } }
            return Dictionary(pairs) { first, _ in first }
        }
    }

    /// The job that each busy worker runs: of several, the one that was granted first, since the others
    /// wait for it.
    var jobs: [String: JobID] {
        state.withLock { state in
            Dictionary(state.runs.values.map { ($0.worker, $0) }) { first, second in
                second.grantedAt < first.grantedAt ? second : first
            }.mapValues(\.key.job)
        }
    }
}
