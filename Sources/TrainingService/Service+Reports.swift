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

    private func store(
        _ report: WorkerReport,
        of key: LeaseKey,
        _ ledger: inout RunLedger
    ) throws -> (Grant?, Jobs.LeasedJob) {
        let taken = try take(report, of: key, ledger, grants: true)
        switch try self.store.report(taken.stored) {
        case .applied(let standing):
            if !taken.stored.events.isEmpty { self.events.changed(key.job) }
            note(report, taken, of: key, after: ledger)
            ledger = taken.ledger
            return (taken.grant, standing)
        case .duplicate(let standing):
            counters.add(.repeated)
            // A store that failed after its commit holds a report that the ledger does not.
            if standing.lease.sequence != ledger.sequence, let made = self.ledger(of: standing) {
                ledger = made
            }
            return (ledger.outstandingGrant, standing)
        }
    }

    /// A report that was taken, before it is stored.
    struct TakenReport {
        /// What is stored.
        var stored: JobReport
        /// The ledger once that is done.
        var ledger: RunLedger
        /// The changes of the rate that the report brought about.
        var events: [RateEvent] = []
        /// The next rates.
        var grant: Grant?
    }

    /// Takes a report into account.
    ///
    /// - Parameters:
    ///   - report: The report; one that comes twice or too early is the store's to refuse.
    ///   - key: The lease.
    ///   - ledger: What is known of the lease's run.
    ///   - grants: Whether the answer grants the next rates; else the report is the run's last.
    /// - Returns: What is to be stored, and what is known once that is done.
    /// - Throws: `Problem` 422 for a report that does not go on where the last ended.
    func take(
        _ report: WorkerReport,
        of key: LeaseKey,
        _ ledger: RunLedger,
        grants: Bool
    ) throws -> TakenReport {
        let draft = JobReport(
            key: key,
            sequence: report.sequence,
            steps: report.fromStep..<report.toStep
        )
        var taken = TakenReport(stored: draft, ledger: ledger)
        if report.sequence == ledger.sequence + 1 {
            let faults = ledger.faults(in: report)
            guard faults.isEmpty else { throw RequestBody.invalid(faults) }
            taken.events = taken.ledger.receive(report)
            if grants { taken.grant = taken.ledger.nextGrant() }
        }
        let next = taken.ledger
        if ledger.begins(with: report) { taken.stored.startsAt = report.fromStep }
        taken.stored.chunks = SeriesEncoding.chunks(of: report)
        taken.stored.progress =
            RunFacts(secondsLeft: next.secondsLeft, mismatches: next.mismatches).json()
        taken.stored.summary = next.summary.json()
        taken.stored.ranSeconds = runs.run(of: key.lease)?.clock.seconds()
        taken.stored.grantedThrough = taken.grant?.toStep ?? next.grantedThrough
        let now = Date()
        if !report.logLines.isEmpty { taken.stored.events.append(.log(report.logLines, at: now)) }
        if let news = taken.ledger.news.draft(at: now, isLast: !grants) {
            taken.stored.events.append(news)
        }
        taken.stored.events += taken.events.map { .schedule($0, at: now) }
        if next.mismatches > ledger.mismatches {
            taken.stored.events.append(.mismatch(report.fromStep..<report.toStep, at: now))
        }
        taken.stored.turns = taken.events.count
        if let change = next.numericsChange {
            taken.stored.events.append(.numericsChanged(change, at: now))
            taken.ledger.numericsChange = nil
        }
        if next.rates.reports != ledger.rates.reports {
            taken.stored.feedback = try ReportLog(next.rates.reports).payload()
        }
        return taken
    }

    /// Tells of a report that is stored.
    func note(
        _ report: WorkerReport,
        _ taken: TakenReport,
        of key: LeaseKey,
        after ledger: RunLedger
    ) {
        let mismatches = taken.ledger.mismatches - ledger.mismatches
        counters.add(.reported)
        counters.add(.mismatched, mismatches)
        if mismatches > 0 {
            logger.error(
                "job \(key.job): steps \(report.fromStep)..<\(report.toStep) used other rates"
            )
        }
        for event in taken.events { logger.info("job \(key.job): \(event.reason)") }
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
