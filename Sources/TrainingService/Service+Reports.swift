internal import Foundation
internal import Jobs
internal import Logging
internal import Schedules
internal import TrainingAPI

/// What workers tell of their runs.
extension Service {
    /// Renews a lease, and takes what a command has put out since the last heartbeat.
    ///
    /// - Throws: `JobStoreError`; `leaseLost` where the lease has ended.
    func heartbeat(
        _ run: ActiveRun,
        _ beat: Heartbeat? = nil
    ) throws -> TrainingAPI.ReportReceipt {
        let standing = try guarding(run.key) { () throws -> Jobs.LeasedJob in
            guard let beat, !beat.logLines.isEmpty else { return try store.renew(run.key) }
            return try run.takeOutput(beat) { lines in
                guard !lines.isEmpty else { return try store.renew(run.key) }
                let events = [JobEventDraft.log(lines, at: Date())]
                let standing = try store.note(events, of: run.key)
                self.events.changed(run.key.job)
                return standing
            }
        }
        return receipt(grant: nil, of: standing)
    }

    /// Stores a report with all that follows from it, in one transaction; one that came before changes
    /// nothing.
    ///
    /// - Throws: `JobStoreError`; `Problem` 422 for a report that does not go on where the last ended.
    func receive(
        _ report: WorkerReport,
        of run: ActiveRun
    ) throws -> TrainingAPI.ReportReceipt {
        let (grant, standing) = try guarding(run.key) {
            try run.update { ledger in try store(report, of: run.key, &ledger) }
        }
        return receipt(grant: grant, of: standing)
    }

    /// Ends a run as its worker says.
    ///
    /// - Throws: `JobStoreError`; `leaseLost` where the run has ended otherwise.
    func complete(_ completion: WorkerCompletion, of lease: LeaseID) throws {
        // One under a lease that ended in silence counts where nobody else has got the job.
        _ = try revivedRun(of: lease, fence: completion.fence)
        // A repeated completion finds its lease among those that ended of late.
        let known = runs.key(of: lease).flatMap { $0.fence == completion.fence ? $0 : nil }
        let key = try known ?? run(of: lease, fence: completion.fence).key
        var summary: [UInt8]?
        let outcome: JobCompletion.Outcome
        switch completion.outcome {
        case .succeeded(let result):
            // A script's results are what it reported.
            let isScript = runs.run(of: lease)?.isScript ?? false
            summary = isScript ? nil : judged(result, of: lease).json()
            outcome = .succeeded
        case .failed(let code, let detail, let isPermanent):
            outcome = .failed(JobFailure(code: code, detail: detail), isPermanent: isPermanent)
        case .released:
            // A worker lets go of a job that has run for as long as it may, and the job ends by that.
            outcome =
                runs.run(of: lease).flatMap { run in
                    run.isOverLimit
                        ? .failed(Self.deadlineFailure(run.clock), isPermanent: true) : nil
                } ?? .released
        }
        let now = Date()
        var told: [JobEventDraft] = []
        if !completion.logLines.isEmpty { told.append(.log(completion.logLines, at: now)) }
        let news = runs.run(of: lease)?.update { $0.news.draft(at: now, isLast: true) }
        if let news = news ?? nil { told.append(news) }
        _ = try guarding(key) { try end(key, outcome, summary: summary, telling: told) }
    }

    /// A run's result, with a warning where it ended before its learning rate had fallen.
    private func judged(_ result: TrainingSummary, of lease: LeaseID) -> TrainingSummary {
        // A lease that has ended gets no other result, so that a repeated completion needs no warning.
        guard let step = result.earlyStop?.step, let run = runs.run(of: lease) else {
            return result
        }
        var result = result
        result.earlyStop?.warning = run.update { ledger in ledger.unfinishedFall(at: step) }
        return result
    }

    private func store(
        _ report: WorkerReport,
        of key: LeaseKey,
        _ ledger: inout RunLedger
    ) throws -> (Grant?, Jobs.LeasedJob) {
        var next = ledger
        var events: [RateEvent] = []
        var grant: Grant?
        // What comes twice or too early is the store's to refuse.
        if report.sequence == ledger.sequence + 1 {
            let faults = ledger.faults(in: report)
            guard faults.isEmpty else { throw RequestBody.invalid(faults) }
            events = next.receive(report)
            grant = next.nextGrant()
        }
        var stored = JobReport(
            key: key,
            sequence: report.sequence,
            steps: report.fromStep..<report.toStep
        )
        if ledger.begins(with: report) { stored.startsAt = report.fromStep }
        stored.chunks = SeriesEncoding.chunks(of: report)
        stored.progress =
            RunFacts(secondsLeft: next.secondsLeft, mismatches: next.mismatches).json()
        stored.summary = next.summary.json()
        stored.ranSeconds = runs.run(of: key.lease)?.clock.seconds()
        stored.grantedThrough = grant?.toStep
        let now = Date()
        if !report.logLines.isEmpty { stored.events.append(.log(report.logLines, at: now)) }
        if let news = next.news.draft(at: now) { stored.events.append(news) }
        stored.events += events.map { .schedule($0, at: now) }
        if next.mismatches > ledger.mismatches {
            stored.events.append(.mismatch(report.fromStep..<report.toStep, at: now))
        }
        stored.turns = events.count
        if let change = next.numericsChange {
            stored.events.append(.numericsChanged(change, at: now))
            next.numericsChange = nil
        }
        if next.rates.reports != ledger.rates.reports {
            stored.feedback = try ReportLog(next.rates.reports).payload()
        }
        switch try self.store.report(stored) {
        case .applied(let standing):
            if !stored.events.isEmpty { self.events.changed(key.job) }
            note(report, of: key, mismatches: next.mismatches - ledger.mismatches, events)
            ledger = next
            return (grant, standing)
        case .duplicate(let standing):
            counters.add(.repeated)
            // A store that failed after its commit holds a report that the ledger does not.
            if standing.lease.sequence != ledger.sequence, let made = self.ledger(of: standing) {
                ledger = made
            }
            return (ledger.outstandingGrant, standing)
        }
    }

    private func note(
        _ report: WorkerReport,
        of key: LeaseKey,
        mismatches: Int,
        _ events: [RateEvent]
    ) {
        counters.add(.reported)
        counters.add(.mismatched, mismatches)
        if mismatches > 0 {
            logger.error(
                "job \(key.job): steps \(report.fromStep)..<\(report.toStep) used other rates"
            )
        }
        for event in events { logger.info("job \(key.job): \(event.reason)") }
    }

    /// What a worker is to do whose job nobody wants to stop.
    private func orders(to run: ActiveRun?) -> [TrainingAPI.ReportReceipt.Directive] {
        // A script goes on without this server, but not past its time: it saves its state then.
        if run?.isOverLimit == true { return run?.isScript == true ? [.pause] : [.drain] }
        return isDraining ? [.drain] : []
    }

    /// Renews the lease's term, and says what its worker is to do.
    private func receipt(
        grant: Grant?,
        of standing: Jobs.LeasedJob
    ) -> TrainingAPI.ReportReceipt {
        let lease = standing.lease
        leases.renew(lease.key)
        workers.heard(
            lease.worker,
            kind: standing.job.kind,
            isLocal: lease.server == configuration.server,
            at: Date()
        )
        let directives: [TrainingAPI.ReportReceipt.Directive] =
            switch standing.job.state {
            case .cancelling: [.cancel]
            case .pausing: [.pause]
            default: orders(to: runs.run(of: lease.key.lease))
            }
        var receipt = TrainingAPI.ReportReceipt(
            grant: grant,
            directives: directives,
            termSeconds: leases.term.inSeconds
        )
        receipt.scheduleVersion = standing.job.revision
        return receipt
    }
}
