internal import Foundation
internal import Jobs
internal import Logging
internal import TrainingAPI

/// What bounds how many jobs wait, how long they run and how long they stay.
extension Service {
    /// How many jobs are removed in one transaction, so that nobody waits long for the store.
    private static let removalBatch = 100

    // MARK: - Room

    /// Refuses what would be stored while the disk is nearly full.
    ///
    /// - Throws: `Problem` 507.
    func checkRoom() throws {
        let mark = configuration.minimumFreeBytes
        guard mark > 0, let free = files.freeBytes, free < mark else { return }
        counters.add(.refused)
        throw Problem(
            status: 507,
            detail:
                "\(free >> 20) MiB are free on the disk of the data folder, and no job is accepted"
                + " below \(mark >> 20) MiB; remove finished jobs or make room. Jobs that are there go"
                + " on."
        )
    }

    // MARK: - Waiting

    /// The jobs as they are shown, with what those that are queued wait for.
    ///
    /// - Throws: `JobStoreError`.
    func present(_ records: [JobRecord]) throws -> [PresentedJob] {
        let limits = configuration.labelLimits
        let isAsked = !limits.limits.isEmpty && records.contains { $0.state == .queued }
        let leased = isAsked ? try store.leasedLabels(named: limits.keys) : [:]
        let now = Date()
        let fleet = fleet(for: records, at: now)
        return records.map { record in
            let reason =
                record.state == .queued
                ? WaitingReason(of: record, limits, leased, fleet, at: now) : nil
            let isSilent = leases.isSilent(record.id)
            return PresentedJob(
                body: bodies.body(of: record, waiting: reason, isSilent: isSilent),
                tag: isSilent
                    ? "\"\(record.version)-unreachable\""
                    : JobBodies.tag(version: record.version, waiting: reason?.sentence),
                end: reason?.end
            )
        }
    }

    /// What an answer about a job would be made from now; nil while the store changes.
    var answerBasis: JobAnswers.Basis? {
        store.settledCommits.map { JobAnswers.Basis(commits: $0, silences: leases.silences) }
    }

    /// The GPUs that there are, where one of some jobs waits for some.
    private func fleet(for records: [JobRecord], at now: Date) -> GPUFleet {
        guard records.contains(where: { $0.state == .queued && $0.gpus != .none }) else {
            return .none
        }
        return workers.fleet(taken: Set(runs.gpus.keys), term: leases.term.inSeconds, now: now)
    }

    /// A job as it is shown.
    ///
    /// - Throws: `JobStoreError`.
    func present(_ record: JobRecord) throws -> PresentedJob {
        try present([record])[0]
    }

    /// A job that is not stored as it is here, as it would be shown.
    ///
    /// - Parameters:
    ///   - record: The job.
    ///   - stored: Its stored form; read from the job where it is not at hand.
    /// - Returns: The job's body under its entity tag.
    func presentUnstored(_ record: JobRecord, _ stored: StoredJob? = nil) -> PresentedJob {
        let now = Date()
        let waiting =
            record.state == .queued
            ? WaitingReason(of: record, .none, [:], fleet(for: [record], at: now), at: now) : nil
        return PresentedJob(
            body: bodies.body(ofUnstored: record, stored, waiting: waiting),
            tag: JobBodies.tag(version: record.version, waiting: waiting?.sentence)
        )
    }

    // MARK: - Running

    /// Tells the workers of jobs that have run for as long as they may to let go.
    func sweepRuns(now: ContinuousClock.Instant = .now) {
        for run in runs.overdue(now: now) where run.endByLimit() {
            logger.notice("job \(run.key.job) has run for its maximum_seconds")
            graces.begin(run.key.job, for: configuration.grace, now: now)
        }
    }

    /// Ends a job whose worker did not let go of it in its grace.
    func endByLimit(_ run: ActiveRun) {
        do {
            let failure = Self.deadlineFailure(run.clock)
            try end(run.key, .failed(failure, isPermanent: true), summary: nil)
        } catch {
            logger.error("job \(run.key.job) could not be ended: \(error)")
        }
    }

    /// Why a job ends that has run for as long as it may.
    static func deadlineFailure(_ clock: RunClock) -> JobFailure {
        let limit = clock.limit ?? 0
        let ran = String(format: "%.1f", clock.seconds())
        return JobFailure(
            code: "deadline",
            detail:
                "It ran for \(ran) s, and its maximum_seconds is \(limit); a retry goes on from its"
                + " last checkpoint with as much time again."
        )
    }

    // MARK: - Staying

    /// Removes the jobs that ended longer ago than they are kept.
    func sweepJobs(now: Date = Date()) {
        guard let retention = configuration.jobRetention else { return }
        guard !wallClock.isSet(wall: now) else {
            logger.error(
                "no job is removed by its age: the wall clock was set since the server started"
            )
            return
        }
        let limit = now - retention.inSeconds
        var count = 0
        do {
            while true {
                let removed = try store.removeJobs(endedBefore: limit, limit: Self.removalBatch)
                for removal in removed {
                    noteRemoval(of: removal.id)
                    removeFiles(removal.files)
                }
                count += removed.count
                guard removed.count == Self.removalBatch else { break }
            }
        } catch {
            logger.warning("old jobs could not be removed: \(error)")
        }
        counters.add(.outlived, count)
        if count > 0 { logger.notice("removed \(count) jobs that ended before \(limit)") }
    }
}
