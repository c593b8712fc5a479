internal import Foundation
internal import Jobs
internal import Logging
internal import Schedules
internal import TrainingAPI

/// Leases: granting, renewing, ending.
extension Service {
    /// Grants a job to a worker, where there is one for it.
    func lease(_ request: TrainingAPI.LeaseRequest) throws -> TrainingAPI.LeasedJob? {
        let now = Date()
        let isLocal = request.instance == configuration.server.description
        workers.heard(request, isLocal: isLocal, at: now)
        var wish = Jobs.LeaseRequest(
            worker: request.worker,
            requestID: request.requestID,
            kinds: Set(request.kinds),
            at: now
        )
        wish.host = request.host ?? request.worker
        wish.server = isLocal ? configuration.server : nil
        guard let granted = try store.lease(wish) else { return nil }
        counters.add(.leased)
        leases.renew(granted.lease.key)
        guard let run = makeRun(granted), let stored = StoredJob(reading: granted.job.specification)
        else {
            let failure = JobFailure(
                code: "invalid",
                detail: "This version cannot read the job's specification."
            )
            try end(granted.lease.key, .failed(failure, isPermanent: true), summary: nil)
            return try lease(request)
        }
        let grant = run.update { ledger in
            ledger.nextGrant() ?? ledger.grant(of: granted.job.step..<granted.lease.grantedThrough)
        }
        runs.insert(run)
        _ = try store.renew(granted.lease.key, grantedThrough: grant.toStep)
        return TrainingAPI.LeasedJob(
            leaseID: granted.lease.key.lease.description,
            fence: granted.lease.key.fence,
            termSeconds: leases.term.inSeconds,
            jobID: granted.job.id.description,
            kind: granted.job.kind,
            specification: stored.specification,
            totalSteps: granted.job.totalSteps,
            stepsPerEpoch: stored.stepsPerEpoch,
            evaluationInterval: stored.evaluationInterval,
            resumeStep: granted.job.step,
            grant: grant
        )
    }

    /// Tries to find a job for a worker that waits; tells whether the worker was answered.
    func serve(_ waiter: Dispatcher.Waiter) -> Bool {
        guard waiter.isOpen() else { return true }
        do {
            guard let job = try lease(waiter.request) else { return false }
            if waiter.isOpen() {
                waiter.answer(.success(job))
            } else if let key = LeaseID(job.leaseID).flatMap({ runs.key(of: $0) }) {
                // The worker left meanwhile: the job goes back as if nothing had been granted.
                try end(key, .released, summary: nil)
            }
        } catch {
            waiter.answer(.failure(error))
        }
        return true
    }

    /// The run of a live lease, built anew from the store where this server has not seen it yet.
    func run(of lease: LeaseID, fence: Int) throws -> ActiveRun {
        if let run = runs.run(of: lease), run.key.fence == fence { return run }
        guard let key = try liveKey(of: lease), key.fence == fence,
            let run = makeRun(try store.renew(key))
        else {
            counters.add(.stale)
            throw JobStoreError(
                code: .leaseLost,
                operation: "report",
                detail: "no live lease has the id \(lease) and the fence \(fence)"
            )
        }
        runs.insert(run)
        return run
    }

    private func liveKey(of lease: LeaseID) throws -> LeaseKey? {
        if let key = runs.key(of: lease) { return key }
        return try store.liveLeases().first { $0.key.lease == lease }?.key
    }

    /// The ledger of a granted job as it stands in the store.
    private func makeRun(_ granted: Jobs.LeasedJob) -> ActiveRun? {
        guard let stored = StoredJob(reading: granted.job.specification),
            let specification = stored.job,
            let rates = rates(of: granted.job, specification, stored)
        else { return nil }
        let ledger = RunLedger(
            rates: rates,
            momentum: specification.optimizer.momentum,
            evaluationInterval: stored.evaluationInterval,
            resumeStep: granted.lease.resumeStep,
            grantedThrough: granted.lease.grantedThrough,
            reportedThrough: granted.job.step,
            mismatches: RunFacts(reading: granted.job.progress)?.mismatches ?? 0
        )
        return ActiveRun(granted.lease, ledger: ledger)
    }

    /// The rate of every step of a job: its schedule and what has changed it.
    func rates(
        of record: JobRecord,
        _ specification: JobSpecification,
        _ stored: StoredJob
    ) -> RateFunction? {
        if let feedback = record.feedback,
            // Unreadable bytes are told by the `nil`.
            let rates = try? JSONDecoder().decode(RateFunction.self, from: Data(feedback))
        {
            return rates
        }
        // The schedule was resolved against the same run when the job was accepted.
        guard
            let run = try? Run(
                totalSteps: record.totalSteps,
                stepsPerEpoch: stored.stepsPerEpoch
            )
        else { return nil }
        return try? RateFunction(specification.schedule, run: run)
    }

    /// Ends a lease, and wakes a worker where its job waits again.
    @discardableResult
    func end(
        _ key: LeaseKey,
        _ outcome: JobCompletion.Outcome,
        summary: [UInt8]?
    ) throws -> JobRecord {
        let record = try store.complete(
            JobCompletion(key: key, outcome: outcome, summary: summary, at: Date())
        )
        forget(key)
        if record.state == .queued { dispatcher.jobArrived() }
        return record
    }

    private func forget(_ key: LeaseKey) {
        leases.remove(key)
        runs.remove(key.lease)
    }

    // MARK: - Ends that no worker tells

    /// Takes back what a local worker held whose process has ended.
    package func localWorkerEnded(_ worker: String, detail: String) {
        dispatcher.forget(worker)
        workers.forget(worker)
        counters.add(.crashed)
        abandon(.worker(worker), cause: .workerCrashed)
    }

    private func abandon(_ selection: LeaseAbandonment.Selection, cause: LeaseAbandonment.Cause) {
        do {
            let records = try store.abandon(
                LeaseAbandonment(selection, cause: cause, at: Date())
            )
            for record in records {
                logger.notice(
                    "job \(record.id) lost its worker (\(cause)); now \(record.state.rawValue)"
                )
                runs.removeRuns(of: record.id).forEach(leases.remove)
            }
            if records.contains(where: { $0.state == .queued }) { dispatcher.jobArrived() }
        } catch {
            logger.error("leases could not be taken back: \(error)")
        }
    }

    /// Ends the leases whose terms are over, and looks for jobs whose time to wait is.
    func sweepLeases() {
        for key in leases.expired() {
            counters.add(.expired)
            leases.remove(key)
            abandon(.lease(key), cause: .leaseExpired)
        }
        dispatcher.jobArrived()
    }

    /// Forgets idempotency keys whose retention is over.
    func sweepKeys() {
        let limit = Date(timeIntervalSinceNow: -configuration.keyRetention.inSeconds)
        do {
            try store.forgetIdempotencyKeys(before: limit)
        } catch {
            logger.warning("old idempotency keys stay for now: \(error)")
        }
    }
}
