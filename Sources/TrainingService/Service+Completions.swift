internal import Foundation
internal import Jobs
internal import TrainingAPI

/// Ends of runs that their workers tell, with the last of what the runs did and made.
extension Service {
    /// Ends a run as its worker says, and grants the worker its next job in the same transaction.
    ///
    /// - Returns: The next job, and whether its lease is a new one; nil where the worker wants none, or none
    ///   waits for it.
    /// - Throws: `JobStoreError`; `leaseLost` where the run has ended otherwise. `Problem` 422 for a last
    ///   report that does not go on where the one before ended, 409 for a checkpoint past what was reported.
    @discardableResult
    func complete(
        _ completion: WorkerCompletion,
        of lease: LeaseID
    ) throws -> (job: TrainingAPI.LeasedJob, isNew: Bool)? {
        // One under a lease that ended in silence counts where nobody else has got the job.
        _ = try revivedRun(of: lease, fence: completion.fence)
        // A repeated completion finds its lease among those that ended of late.
        let known = runs.key(of: lease).flatMap { $0.fence == completion.fence ? $0 : nil }
        let key = try known ?? run(of: lease, fence: completion.fence).key
        let run = try self.run(ofKnown: key)
        // Who stops leases nothing, and still takes the end of what runs.
        let wish = try completion.next.flatMap { next in
            isDraining || next.jobID != nil ? nil : try self.wish(next)
        }
        let outcome = self.outcome(of: completion, by: run)
        let receipt = try guarding(key) { () throws -> CompletionReceipt in
            guard let run else {
                return try end(JobCompletion(key: key, outcome: outcome, at: Date()), wish)
            }
            return try run.update { ledger -> CompletionReceipt in
                var taken: TakenReport?
                if let report = completion.report {
                    taken = try take(report, of: key, ledger, grants: false)
                }
                var draft = try self.draft(completion, outcome, taken?.ledger ?? ledger, of: run)
                draft.report = taken?.stored
                let receipt = try end(draft, wish)
                if let report = completion.report, let taken {
                    note(report, taken, of: key, after: ledger)
                }
                return receipt
            }
        }
        guard let wish else { return nil }
        hear(wish.request, isRepeat: run == nil)
        return try receipt.next.flatMap { try hand($0, to: wish) }
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
        ended(key, record)
        return record
    }

    /// Does what follows from the end of a lease.
    func ended(_ key: LeaseKey, _ record: JobRecord) {
        forget(key)
        events.changed(key.job)
        // The job itself may wait again, or another for the end of one with its labels or GPUs.
        if record.state == .queued || record.gpus != .none
            || !configuration.labelLimits.limits.isEmpty
        {
            dispatcher.jobArrived()
        }
    }

    /// Lets go of what is kept of a lease that has ended.
    func forget(_ key: LeaseKey) {
        leases.remove(key)
        runs.remove(key)
        graces.end(key.job)
    }

    /// Ends a run in the store, with what follows from it.
    private func end(_ completion: JobCompletion, _ wish: LeaseWish?) throws -> CompletionReceipt {
        var completion = completion
        completion.next = wish?.stored
        let receipt = try store.finish(completion)
        if completion.checkpoint != nil { counters.add(.saved) }
        removeFiles(receipt.dropped)
        ended(completion.key, receipt.job)
        return receipt
    }

    /// What a worker's word is to the store.
    ///
    /// - Parameters:
    ///   - completion: The worker's word.
    ///   - outcome: How the run ends by it.
    ///   - ledger: What is known of its run, the last report counted.
    ///   - run: Its run.
    /// - Returns: What the store is to do.
    /// - Throws: `Problem` 409 for a checkpoint past what was reported.
    private func draft(
        _ completion: WorkerCompletion,
        _ outcome: JobCompletion.Outcome,
        _ ledger: RunLedger,
        of run: ActiveRun
    ) throws -> JobCompletion {
        var ledger = ledger
        let now = Date()
        var draft = JobCompletion(
            key: run.key,
            outcome: outcome,
            summary: summary(of: completion, ledger, run),
            at: now
        )
        draft.ranSeconds = run.clock.seconds()
        if !completion.logLines.isEmpty { draft.events.append(.log(completion.logLines, at: now)) }
        if let news = ledger.news.draft(at: now, isLast: true) { draft.events.append(news) }
        draft.checkpoint = try completion.checkpoint.map { sent in
            var commit = try self.commit(
                Self.file(of: sent.content),
                at: sent.step,
                bestStep: sent.bestStep,
                of: run,
                ledger
            )
            commit.content = sent.content
            return commit
        }
        draft.artifacts = completion.artifacts.compactMap { sent in
            // A name of another age is left out, like a field.
            guard let kind = ArtifactKind(rawValue: sent.name), kind.isSent else { return nil }
            let file = Self.file(of: sent.content)
            var commit = ArtifactCommit(
                key: run.key,
                artifact: Self.artifact(kind, file, of: run, at: now)
            )
            commit.content = sent.content
            return commit
        }
        return draft
    }

    private static func file(of content: [UInt8]) -> StoredFile {
        StoredFile(hash: Digest.hexadecimal(of: content), size: content.count)
    }

    private func outcome(
        of completion: WorkerCompletion,
        by run: ActiveRun?
    ) -> JobCompletion.Outcome {
        switch completion.outcome {
        case .succeeded: .succeeded
        case .failed(let code, let detail, let isPermanent):
            .failed(JobFailure(code: code, detail: detail), isPermanent: isPermanent)
        case .released:
            // A worker lets go of a job that has run for as long as it may, and the job ends by that.
            run.flatMap { run in
                run.isOverLimit
                    ? .failed(Self.deadlineFailure(run.clock), isPermanent: true) : nil
            } ?? .released
        }
    }

    /// What a run came to, with a warning where it ended before its learning rate had fallen; a script's
    /// results are what it reported.
    private func summary(
        of completion: WorkerCompletion,
        _ ledger: RunLedger,
        _ run: ActiveRun
    ) -> [UInt8]? {
        guard case .succeeded(var result) = completion.outcome, !run.isScript else { return nil }
        if let step = result.earlyStop?.step {
            result.earlyStop?.warning = ledger.unfinishedFall(at: step)
        }
        return result.json()
    }
}
