internal import Foundation
internal import Jobs
internal import Logging
internal import Schedules
internal import TrainingAPI

/// Users' own scripts, which ask for their one job and may be without the server for a while.
extension Service {
    /// The most steps of a plan that are sent at once.
    static let planLimit = 262_144

    /// Looks at the one job that a script wants, and takes it from whoever holds it: of two writers
    /// the first is fenced out.
    ///
    /// - Parameters:
    ///   - id: The job.
    ///   - request: What the script asked.
    /// - Returns: The job, which may be leased now.
    /// - Throws: `JobStoreError`; `Problem` 409 where the job cannot be had.
    func prepare(
        _ id: String,
        for request: TrainingAPI.LeaseRequest
    ) throws -> JobRecord {
        guard let id = JobID(id) else {
            throw Problem(status: 404, detail: "There is no job \"\(id)\".")
        }
        let record = try store.job(id)
        // A training begins where its checkpoint is, not where somebody says.
        guard request.resumeStep == nil || record.kind != JobSpecification.Kind.train.rawValue
        else {
            throw Problem(
                status: 409,
                detail: "Job \(id) is no script and has no state of its own."
            )
        }
        guard request.kinds.contains(record.kind) else {
            throw Problem(
                status: 409,
                detail: "Job \(id) is of kind \(record.kind), which the worker does not run."
            )
        }
        guard record.kind == JobSpecification.Kind.external.rawValue, record.state.isLeased else {
            return record
        }
        let holders = try store.liveLeases().filter { $0.key.job == id }
        for lease in holders
        where lease.worker != request.worker || lease.requestID != request.requestID {
            abandon(
                .lease(lease.key),
                cause: .stopped,
                because: "\(request.worker) goes on with the job",
                detail: "another run of the script goes on with the job"
            )
        }
        return try store.job(id)
    }

    /// The state that a script has kept itself, with what metrics had done to the rate by then.
    ///
    /// - Returns: The state; `nil` where the script goes on from the newest checkpoint.
    /// - Throws: `Problem` 409 past the job's end.
    func ownState(
        of record: JobRecord,
        for request: TrainingAPI.LeaseRequest
    ) throws -> Jobs.LeaseRequest.OwnState? {
        guard let step = request.resumeStep else { return nil }
        guard step <= record.totalSteps else {
            throw Problem(
                status: 409,
                detail: "Job \(record.id) has \(record.totalSteps) steps and cannot go on from step"
                    + " \(step)."
            )
        }
        let reports = ReportLog(reading: record.feedback)?.reports.filter { $0.step <= step } ?? []
        return Jobs.LeaseRequest.OwnState(step: step, feedback: try ReportLog(reports).payload())
    }

    /// The newest checkpoint from which a job may go on, whatever the state of its script.
    func newestCheckpoint(of record: JobRecord) throws -> CheckpointBody? {
        try store.checkpoints(of: record.id)
            .last { $0.isOpen(after: record.restartFence) }
            .map(Self.body)
    }

    /// Why a job that a script wants cannot be had.
    static func unleasable(_ record: JobRecord) -> Problem {
        Problem(
            status: 409,
            detail: "Job \(record.id) is \(record.state.rawValue) and waits for no script.",
            allowedActions: record.state.allowedActions.map(\.rawValue)
        )
    }

    /// The rates to come of a script's run as they stand, which it may use where it loses the server.
    ///
    /// - Parameters:
    ///   - run: The run of a live lease.
    ///   - step: The first step; through the run's end, but at most ``planLimit`` steps.
    /// - Returns: The plan.
    /// - Throws: `JobStoreError`.
    func plan(of run: ActiveRun, from step: Int) throws -> RatePlan {
        try run.update { ledger in
            let total = ledger.script?.hasRates == false ? 0 : ledger.rates.totalSteps
            let from = min(step, total)
            return RatePlan(
                scheduleVersion: try store.job(run.key.job).revision,
                monitors: ledger.monitorNames,
                rates: ledger.grant(of: from..<min(total, from + Self.planLimit))
            )
        }
    }

    /// Whether a lease whose term is over is that of a script that runs on by its plan: such a job stays
    /// as it is, and says so.
    func isSilentScript(_ key: LeaseKey) -> Bool {
        if leases.isSilent(key.job) {
            // What waits for the script to let go ends with the grace.
            return true
        }
        // Where the store refuses, the lease stays in the book for the next round.
        guard let record = try? store.job(key.job),
            record.kind == JobSpecification.Kind.external.rawValue, record.state == .running
        else { return false }
        leases.noteSilence(of: key)
        logger.notice("job \(key.job): nothing is heard of its script for \(leases.term)")
        events.changed(key.job)
        return true
    }
}
