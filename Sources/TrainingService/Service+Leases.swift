internal import Foundation
internal import Jobs
internal import Logging
internal import Schedules
internal import TrainingAPI

/// Leases: granting, renewing, ending.
extension Service {
    /// Grants a job to a worker, where there is one for it.
    ///
    /// - Returns: The job, and whether its lease is a new one: the same request gets the same again.
    /// - Throws: `JobStoreError`; `Problem` 503 while the server stops.
    func lease(
        _ request: TrainingAPI.LeaseRequest
    ) throws -> (job: TrainingAPI.LeasedJob, isNew: Bool)? {
        guard !isDraining else {
            throw Problem(status: 503, detail: "The server is about to stop and leases no jobs.")
        }
        let now = Date()
        let isLocal = request.instance == configuration.server.description
        workers.heard(request, isLocal: isLocal, at: now)
        if isLocal { abandonLeases(of: request.worker, besides: request.requestID) }
        let wanted = try request.jobID.map { try prepare($0, for: request) }
        var wish = Jobs.LeaseRequest(
            worker: request.worker,
            requestID: request.requestID,
            kinds: Set(request.kinds),
            at: now
        )
        wish.host = request.host ?? request.worker
        wish.environment = request.environment
        wish.gpus = request.gpus.map { GPU(id: $0.id, memoryBytes: $0.memoryBytes) }
        wish.server = isLocal ? configuration.server : nil
        wish.limits = configuration.labelLimits
        wish.job = wanted?.id
        wish.ownState = try wanted.flatMap { try ownState(of: $0, for: request) }
        guard let granted = try store.lease(wish) else {
            if let wanted { throw Self.unleasable(try store.job(wanted.id)) }
            return nil
        }
        let isNew = granted.lease.key.lease == wish.lease
        if isNew { counters.add(.leased) }
        leases.renew(granted.lease.key)
        if isNew { events.changed(granted.job.id) }
        guard let made = makeRun(granted),
            let stored = StoredJob(reading: granted.job.specification)
        else {
            let failure = JobFailure(
                code: "invalid",
                detail: "This version cannot read the job's specification."
            )
            try end(granted.lease.key, .failed(failure, isPermanent: true), summary: nil)
            return try lease(request)
        }
        guard !made.clock.isOver() else {
            let failure = Self.deadlineFailure(made.clock)
            try end(granted.lease.key, .failed(failure, isPermanent: true), summary: nil)
            return try lease(request)
        }
        let checkpoint: CheckpointBody?
        do {
            checkpoint =
                wish.ownState == nil
                ? try resumedCheckpoint(of: granted) : try newestCheckpoint(of: granted.job)
        } catch let damage as DamagedCheckpoint {
            // The job goes on from the checkpoint before, under another lease.
            try discard(damage, of: granted)
            return try lease(request)
        }
        let change = isNew ? numericsChange(of: granted, checkpoint) : nil
        // A lease that is granted again has a run already, which knows more than the store did then.
        let run = runs.insert(made)
        let grant = try guarding(run.key) {
            try run.update { ledger in
                ledger.numericsChange = change ?? ledger.numericsChange
                if ledger.grantedThrough == granted.lease.resumeStep { _ = ledger.nextGrant() }
                _ = try store.renew(run.key, grantedThrough: ledger.grantedThrough)
                return ledger.grant(of: granted.lease.resumeStep..<ledger.grantedThrough)
            }
        }
        var job = TrainingAPI.LeasedJob(
            leaseID: granted.lease.key.lease.description,
            fence: granted.lease.key.fence,
            termSeconds: leases.term.inSeconds,
            jobID: granted.job.id.description,
            kind: granted.job.kind,
            specification: stored.specification,
            totalSteps: granted.job.totalSteps,
            stepsPerEpoch: stored.stepsPerEpoch,
            evaluationInterval: stored.evaluationInterval,
            resumeStep: granted.lease.resumeStep,
            grant: grant
        )
        job.gpus = granted.lease.gpus
        job.datasetHash = stored.datasetHash
        job.checkpoint = checkpoint
        job.scheduleVersion = granted.job.revision
        job.monitors = run.update { $0.monitorNames }
        return (job, isNew)
    }

    /// Tries to find a job for a worker that waits; tells whether the worker was answered.
    func serve(_ waiter: Dispatcher.Waiter) -> Bool {
        guard waiter.isOpen() else { return true }
        do {
            guard let (job, isNew) = try lease(waiter.request) else { return false }
            if waiter.isOpen() {
                waiter.answer(.success(job))
            } else if isNew, let key = LeaseID(job.leaseID).flatMap({ runs.key(of: $0) }) {
                // The worker left meanwhile: the job goes back as if nothing had been granted.
                try end(key, .released, summary: nil)
            }
        } catch {
            waiter.answer(.failure(error))
        }
        return true
    }

    /// The run of a live lease, built anew from the store where this server has not seen it yet.
    ///
    /// - Throws: `JobStoreError`; `leaseLost` where no live lease has the id and the fence.
    func run(of lease: LeaseID, fence: Int) throws -> ActiveRun {
        if let run = runs.run(of: lease), run.key.fence == fence { return run }
        let live = try store.liveLeases().first { $0.key.lease == lease && $0.key.fence == fence }
        if live == nil, let run = try revivedRun(of: lease, fence: fence) { return run }
        guard let key = live?.key,
            let run = try guarding(key, { makeRun(try store.renew(key)) })
        else {
            counters.add(.stale)
            throw JobStoreError(
                code: .leaseLost,
                operation: "report",
                detail: "no live lease has the id \(lease) and the fence \(fence)"
            )
        }
        return runs.insert(run)
    }

    /// The run of a lease that ended in silence, where its worker was the last to have the job.
    ///
    /// - Throws: `JobStoreError`, but for a lease that is lost.
    func revivedRun(of lease: LeaseID, fence: Int) throws -> ActiveRun? {
        guard let key = runs.key(of: lease), key.fence == fence, runs.run(of: lease) == nil else {
            return nil
        }
        do {
            let revived = try store.revive(key, at: Date())
            guard let run = makeRun(revived) else { return nil }
            counters.add(.revived)
            logger.notice("job \(key.job): worker \(run.worker) was heard of again")
            leases.renew(key)
            events.changed(key.job)
            return runs.insert(run)
        } catch {
            guard error.code == .leaseLost else { throw error }
            return nil
        }
    }

    /// Does what is only right under a live lease; forgets a lease that proves to be lost.
    func guarding<Result>(_ key: LeaseKey, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as JobStoreError where error.code == .leaseLost {
            counters.add(.stale)
            forget(key)
            throw error
        }
    }

    private func makeRun(_ granted: Jobs.LeasedJob) -> ActiveRun? {
        let work = StoredJob(reading: granted.job.specification)?.work
        return ledger(of: granted).map { ledger in
            ActiveRun(
                granted.lease,
                ledger: ledger,
                keptCheckpoints: work?.checkpoint.keep ?? 3,
                clock: RunClock(before: granted.job.ranSeconds, limit: work?.maximumSeconds)
            )
        }
    }

    /// The ledger of a leased job as it stands in the store; `nil` where this version cannot read it.
    func ledger(of granted: Jobs.LeasedJob) -> RunLedger? {
        guard let stored = StoredJob(reading: granted.job.specification),
            let work = stored.work,
            let rates = rates(of: granted.job, work, stored)
        else { return nil }
        var standing = RunLedger.Standing(
            resumeStep: granted.lease.resumeStep,
            grantedThrough: granted.lease.grantedThrough,
            reportedThrough: granted.job.step
        )
        standing.sequence = granted.lease.sequence
        standing.mismatches = RunFacts(reading: granted.job.progress)?.mismatches ?? 0
        if let summary = JobBodies.summary(of: granted.job) { standing.summary = summary }
        return RunLedger(
            rates: rates,
            momentum: work.ownMomentum,
            evaluationInterval: stored.evaluationInterval,
            stepsPerEpoch: stored.stepsPerEpoch,
            script: work.isScript ? ScriptTerms(hasRates: work.schedule != nil) : nil,
            standing: standing
        )
    }

    /// Ends a lease, and wakes a worker where its job waits again.
    @discardableResult
    func end(
        _ key: LeaseKey,
        _ outcome: JobCompletion.Outcome,
        summary: [UInt8]?,
        telling events: [JobEventDraft] = []
    ) throws -> JobRecord {
        var completion = JobCompletion(key: key, outcome: outcome, summary: summary, at: Date())
        completion.events = events
        completion.ranSeconds = runs.run(of: key.lease)?.clock.seconds()
        let record = try store.complete(completion)
        forget(key)
        self.events.changed(key.job)
        // The job itself may wait again, or another for the end of one with its labels or GPUs.
        if record.state == .queued || record.gpus != .none
            || !configuration.labelLimits.limits.isEmpty
        {
            dispatcher.jobArrived()
        }
        return record
    }

    /// Lets go of what is kept of a lease that has ended.
    func forget(_ key: LeaseKey) {
        leases.remove(key)
        runs.remove(key)
        graces.end(key.job)
    }
}
