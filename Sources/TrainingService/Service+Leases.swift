internal import Foundation
internal import Jobs
internal import Logging
internal import Schedules
internal import TrainingAPI

/// Leases: granting, renewing, ending.
extension Service {
    /// A worker's request as the store takes it, with the job that it wants where that is a certain one.
    struct LeaseWish {
        let request: TrainingAPI.LeaseRequest
        let wanted: JobRecord?
        let stored: Jobs.LeaseRequest
    }

    /// Grants a job to a worker, where there is one for it.
    ///
    /// - Returns: The job, and whether its lease is a new one: the same request gets the same again.
    /// - Throws: `JobStoreError`; `Problem` 503 while the server stops.
    func lease(
        _ request: TrainingAPI.LeaseRequest
    ) throws -> (job: TrainingAPI.LeasedJob, isNew: Bool)? {
        hear(request)
        let wish = try wish(request)
        guard let granted = try store.lease(wish.stored) else {
            if let wanted = wish.wanted { throw Self.unleasable(try store.job(wanted.id)) }
            return nil
        }
        return try hand(granted, to: wish)
    }

    /// Notes that a worker asks for a job; one that says nothing of another has let go of what it had.
    ///
    /// - Parameters:
    ///   - request: The worker's request.
    ///   - isRepeat: Whether it may be an old one, after which the worker has got jobs by others.
    func hear(_ request: TrainingAPI.LeaseRequest, isRepeat: Bool = false) {
        let isLocal = request.instance == configuration.server.description
        workers.heard(request, isLocal: isLocal, at: Date())
        guard isLocal, !isRepeat, !request.isBusy, !request.isAhead else { return }
        abandonLeases(of: request.worker, besides: request.requestID)
    }

    /// Reads a worker's request; nothing changes by it.
    ///
    /// - Parameter request: The request.
    /// - Returns: The request as the store takes it.
    /// - Throws: `Problem` 503 while the server stops, 409 where the job that is wanted cannot be had.
    func wish(
        _ request: TrainingAPI.LeaseRequest
    ) throws -> LeaseWish {
        guard !isDraining else {
            throw Problem(status: 503, detail: "The server is about to stop and leases no jobs.")
        }
        let isLocal = request.instance == configuration.server.description
        let wanted = try request.jobID.map { try prepare($0, for: request) }
        var wish = Jobs.LeaseRequest(
            worker: request.worker,
            requestID: request.requestID,
            kinds: Set(request.kinds),
            at: Date()
        )
        wish.host = request.host ?? request.worker
        wish.environment = request.environment
        wish.gpus = request.gpus.map { GPU(id: $0.id, memoryBytes: $0.memoryBytes) }
        wish.server = isLocal ? configuration.server : nil
        wish.limits = configuration.labelLimits
        wish.isAhead = request.isAhead
        wish.job = wanted?.id
        wish.ownState = try wanted.flatMap { try ownState(of: $0, for: request) }
        return LeaseWish(request: request, wanted: wanted, stored: wish)
    }

    /// Makes what a worker gets of a job that the store has granted to it; of another job, where that one
    /// cannot be run.
    ///
    /// - Throws: As ``lease(_:)``.
    func hand(
        _ granted: Jobs.LeasedJob,
        to wish: LeaseWish
    ) throws -> (job: TrainingAPI.LeasedJob, isNew: Bool)? {
        let key = granted.lease.key
        let isNew = key.lease == wish.stored.lease
        if isNew { counters.add(.leased) }
        leases.renew(key)
        if isNew { events.changed(granted.job.id) }
        guard let read = self.read(granted.job), let made = makeRun(granted, read) else {
            let failure = JobFailure(
                code: "invalid",
                detail: "This version cannot read the job's specification."
            )
            try end(key, .failed(failure, isPermanent: true), summary: nil)
            return try lease(wish.request)
        }
        guard !made.clock.isOver() else {
            let failure = Self.deadlineFailure(made.clock)
            try end(key, .failed(failure, isPermanent: true), summary: nil)
            return try lease(wish.request)
        }
        let checkpoint: CheckpointBody?
        do {
            checkpoint =
                wish.stored.ownState == nil
                ? try resumedCheckpoint(of: granted) : try newestCheckpoint(of: granted.job)
        } catch let damage as DamagedCheckpoint {
            // The job goes on from the checkpoint before, under another lease.
            try discard(damage, of: granted)
            return try lease(wish.request)
        }
        let change = isNew ? numericsChange(of: granted, checkpoint) : nil
        // A lease that is granted again has a run already, which knows more than the store did then.
        let (grant, monitors) = runs.insert(made).update { ledger in
            ledger.numericsChange = change ?? ledger.numericsChange
            let steps = granted.lease.resumeStep..<ledger.grantedThrough
            return (ledger.grant(of: steps), ledger.monitorNames)
        }
        var job = TrainingAPI.LeasedJob(
            leaseID: key.lease.description,
            fence: key.fence,
            termSeconds: leases.term.inSeconds,
            jobID: granted.job.id.description,
            kind: granted.job.kind,
            specification: read.stored.specification,
            totalSteps: granted.job.totalSteps,
            stepsPerEpoch: read.stored.stepsPerEpoch,
            evaluationInterval: read.stored.evaluationInterval,
            resumeStep: granted.lease.resumeStep,
            grant: grant
        )
        job.gpus = granted.lease.gpus
        job.datasetHash = read.stored.datasetHash
        job.checkpoint = checkpoint
        job.isBrief = granted.job.runsBriefly
        job.scheduleVersion = granted.job.revision
        job.monitors = monitors
        job.contentLimit = WorkerCompletion.contentLimit
        return (job, isNew)
    }

    /// Tries to find a job for a worker that waits; tells whether the worker was answered.
    func serve(_ waiter: Dispatcher.Waiter) -> Bool {
        guard waiter.isOpen() else { return true }
        do {
            guard let (job, isNew) = try lease(waiter.request) else { return false }
            if waiter.isOpen() {
                waiter.answer(.success(job))
            } else if isNew {
                try takeBack(job)
            }
        } catch {
            waiter.answer(.failure(error))
        }
        return true
    }

    /// Takes a job back whose worker has left before it got it, as if nothing had been granted.
    func takeBack(_ job: TrainingAPI.LeasedJob) throws {
        guard let key = LeaseID(job.leaseID).flatMap({ runs.key(of: $0) }) else { return }
        try end(key, .released, summary: nil)
    }

    /// The run of a lease, built anew where it lives and this server has lost sight of it; nil where it has
    /// ended.
    ///
    /// - Throws: `JobStoreError`, but for a lease that is lost.
    func run(ofKnown key: LeaseKey) throws -> ActiveRun? {
        if let run = runs.run(of: key.lease) { return run }
        do {
            return makeRun(try store.renew(key)).map(runs.insert)
        } catch {
            guard error.code == .leaseLost else { throw error }
            return nil
        }
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

    private func makeRun(_ granted: Jobs.LeasedJob, _ read: ReadJob? = nil) -> ActiveRun? {
        guard let read = read ?? self.read(granted.job), let ledger = ledger(of: granted, read)
        else { return nil }
        return ActiveRun(
            granted.lease,
            ledger: ledger,
            keptCheckpoints: read.work.checkpoint.keep,
            clock: RunClock(before: granted.job.ranSeconds, limit: read.work.maximumSeconds)
        )
    }

    /// What a job says that was granted; `nil` where this version cannot read it.
    private func read(_ job: JobRecord) -> ReadJob? {
        acceptedJobs.take(job.id) ?? ReadJob(reading: job.specification)
    }

    /// The ledger of a leased job as it stands in the store; `nil` where this version cannot read it.
    func ledger(of granted: Jobs.LeasedJob) -> RunLedger? {
        ReadJob(reading: granted.job.specification).flatMap { ledger(of: granted, $0) }
    }

    private func ledger(of granted: Jobs.LeasedJob, _ read: ReadJob) -> RunLedger? {
        let (stored, work) = (read.stored, read.work)
        guard let rates = rates(of: granted.job, work, stored) else { return nil }
        var standing = RunLedger.Standing(
            resumeStep: granted.lease.resumeStep,
            grantedThrough: granted.lease.grantedThrough,
            reportedThrough: granted.job.step
        )
        standing.sequence = granted.lease.sequence
        standing.mismatches = RunFacts(reading: granted.job.progress)?.mismatches ?? 0
        if let summary = JobBodies.summary(of: granted.job) { standing.summary = summary }
        var ledger = RunLedger(
            rates: rates,
            momentum: work.ownMomentum,
            evaluationInterval: stored.evaluationInterval,
            stepsPerEpoch: stored.stepsPerEpoch,
            script: work.isScript ? ScriptTerms(hasRates: work.schedule != nil) : nil,
            standing: standing
        )
        // The first grant follows from the lease and the rates, which an edit changes only after it has
        // stored how far was granted: a grant costs no second transaction.
        if standing.sequence == 0, standing.grantedThrough == standing.resumeStep {
            _ = ledger.nextGrant()
        }
        return ledger
    }
}
