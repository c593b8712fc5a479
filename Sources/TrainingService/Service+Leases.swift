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
        wish.server = isLocal ? configuration.server : nil
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
        let checkpoint: CheckpointBody?
        do {
            // Where a script goes on with a state of its own, there is none to fetch.
            checkpoint = wish.ownState == nil ? try resumedCheckpoint(of: granted) : nil
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
        let rule = StoredJob(reading: granted.job.specification)?.work?.checkpoint
        return ledger(of: granted).map { ledger in
            ActiveRun(granted.lease, ledger: ledger, keptCheckpoints: rule?.keep ?? 3)
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
        let record = try store.complete(completion)
        forget(key)
        self.events.changed(key.job)
        if record.state == .queued { dispatcher.jobArrived() }
        return record
    }

    private func forget(_ key: LeaseKey) {
        leases.remove(key)
        runs.remove(key.lease)
        graces.end(key.job)
    }

    // MARK: - Ends that no worker tells

    /// Takes back what a local worker held whose process has ended.
    ///
    /// - Parameters:
    ///   - worker: The worker's name.
    ///   - detail: How its process ended, as the end of a sentence: `exited with status 1`.
    package func localWorkerEnded(_ worker: String, detail: String) {
        dispatcher.forget(worker)
        workers.forget(worker)
        counters.add(.crashed)
        // What dies because the server stops is no crash.
        let cause: LeaseAbandonment.Cause = isDraining ? .serverRestarted : .workerCrashed
        abandon(.worker(worker), cause: cause, because: "worker \(worker) \(detail)")
    }

    /// Takes back what a local worker held that asks for another job.
    ///
    /// It runs one job at a time: the answer with the first never reached it, or it has dropped the job.
    private func abandonLeases(of worker: String, besides requestID: String) {
        for key in runs.keys(of: worker, besides: requestID) {
            abandon(.lease(key), cause: .workerCrashed, because: "worker \(worker) let it go")
        }
    }

    /// Ends leases, and forgets their runs.
    ///
    /// - Returns: The jobs that lost their worker; `nil` where the store refused and nothing changed.
    @discardableResult
    func abandon(
        _ selection: LeaseAbandonment.Selection,
        cause: LeaseAbandonment.Cause,
        because reason: String,
        detail: String? = nil
    ) -> [JobRecord]? {
        do {
            var abandonment = LeaseAbandonment(selection, cause: cause, at: Date())
            abandonment.detail = detail ?? reason
            let records = try store.abandon(abandonment)
            for record in records {
                logger.notice(
                    "job \(record.id) lost its worker: \(reason); now \(record.state.rawValue)"
                )
                runs.removeRuns(of: record.id).forEach(leases.remove)
                graces.end(record.id)
                events.changed(record.id)
            }
            if records.contains(where: { $0.state == .queued }) { dispatcher.jobArrived() }
            return records
        } catch {
            logger.error("leases could not be taken back: \(error)")
            return nil
        }
    }

    /// Ends the leases whose terms are over at `now`, and looks for jobs whose time to wait is.
    func sweepLeases(now: ContinuousClock.Instant = .now) {
        for key in leases.expired(now: now) where !isSilentScript(key) {
            let reason = "nothing was heard of it for \(leases.term)"
            // Where the store refuses, the lease stays in the book for the next round.
            guard let ended = abandon(.lease(key), cause: .leaseExpired, because: reason) else {
                continue
            }
            forget(key)
            counters.add(.expired, ended.count)
        }
        dispatcher.jobArrived()
    }

    /// Forgets idempotency keys whose retention is over.
    func sweepKeys() {
        let limit = Date(timeIntervalSinceNow: -configuration.keyRetention.inSeconds)
        do {
            try store.forgetIdempotencyKeys(before: limit)
        } catch {
            logger.warning("old idempotency keys could not be dropped: \(error)")
        }
    }
}
