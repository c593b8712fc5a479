internal import Foundation
internal import Jobs
internal import Logging
internal import Schedules
internal import TrainingAPI

/// Checkpoints: taking in, handing out, dropping.
extension Service {
    /// Refuses what a worker wants to send or fetch where its lease is not the live one, and gives the
    /// lease a full term.
    ///
    /// - Returns: The lease's run.
    /// - Throws: `JobStoreError`; `leaseLost` where the lease has ended.
    @discardableResult
    func check(_ lease: LeaseID, fence: Int) throws -> ActiveRun {
        let run = try run(of: lease, fence: fence)
        _ = try guarding(run.key) { try store.renew(run.key) }
        leases.renew(run.key)
        return run
    }

    /// Stores a checkpoint whose bytes lie whole at `path`; it is durable when this returns.
    ///
    /// The file is on disk under its hash before its row is, so that a row never names a file that is not
    /// whole. The rate's reports past the checkpoint are not part of it.
    ///
    /// - Parameters:
    ///   - path: Where the bytes lie.
    ///   - step: The finished updates that they hold, which must have been reported.
    ///   - bestStep: The finished updates at the best validation so far.
    ///   - run: The run of a live lease.
    /// - Returns: The checkpoint.
    /// - Throws: `JobStoreError`; `Problem` 409 for a step that was not reported; `FileStoreError`.
    func commitCheckpoint(
        _ path: String,
        at step: Int,
        bestStep: Int?,
        of run: ActiveRun
    ) throws -> CheckpointBody {
        let receipt = try files.take(path) { file in
            try guarding(run.key) {
                try run.update { ledger in
                    try store.commit(commit(file, at: step, bestStep: bestStep, of: run, ledger))
                }
            }
        }
        leases.renew(run.key)
        counters.add(.saved)
        events.changed(run.key.job)
        removeFiles(receipt.dropped)
        return Self.body(of: receipt.checkpoint)
    }

    /// A checkpoint as the store takes it.
    ///
    /// - Throws: `Problem` 409 for a step that was not reported.
    func commit(
        _ file: StoredFile,
        at step: Int,
        bestStep: Int?,
        of run: ActiveRun,
        _ ledger: RunLedger
    ) throws -> CheckpointCommit {
        guard step <= ledger.reportedThrough else {
            throw Problem(
                status: 409,
                type: "/problems/out_of_order",
                title: "A report is missing",
                detail: "The checkpoint is of step \(step), and only"
                    + " \(ledger.reportedThrough) steps were reported."
            )
        }
        var commit = CheckpointCommit(key: run.key, step: step, file: file, at: Date())
        commit.feedback = try ledger.feedback(at: step)
        commit.events = [.checkpoint(commit)]
        commit.bestStep = bestStep
        commit.keep = run.keptCheckpoints
        return commit
    }

    /// Whether the bytes of a file are there, and what they were.
    private func isIntact(_ file: StoredFile) throws -> Bool {
        guard let content = try store.content(of: file) else { return files.isIntact(file) }
        return Digest.hexadecimal(of: content) == file.hash
    }

    /// The checkpoint from which a granted lease goes on, with its bytes known to be whole.
    ///
    /// - Parameter granted: A lease that was just granted.
    /// - Returns: The checkpoint; `nil` where the lease starts from nothing.
    /// - Throws: `DamagedCheckpoint` where the bytes are not what they were; `JobStoreError`.
    func resumedCheckpoint(of granted: Jobs.LeasedJob) throws -> CheckpointBody? {
        let step = granted.lease.resumeStep
        guard step > 0 else { return nil }
        let checkpoints = try store.checkpoints(of: granted.job.id)
        guard let checkpoint = checkpoints.first(where: { $0.step == step }),
            try isIntact(checkpoint.file)
        else { throw DamagedCheckpoint(step: step) }
        return Self.body(of: checkpoint)
    }

    /// Gives a lease back whose checkpoint is damaged, and drops that checkpoint.
    func discard(_ damage: DamagedCheckpoint, of granted: Jobs.LeasedJob) throws {
        counters.add(.damaged)
        logger.error(
            """
            job \(granted.job.id): the checkpoint of step \(damage.step) is damaged; the one before it \
            is used
            """
        )
        try store.discardCheckpoint(at: damage.step, of: granted.job.id)
        try end(granted.lease.key, .released, summary: nil)
    }

    /// That a job goes on where other bits come out; nil where it does not.
    ///
    /// The log tells of it at once, the job's events with the run's first report.
    func numericsChange(
        of granted: Jobs.LeasedJob,
        _ checkpoint: CheckpointBody?
    ) -> NumericsChange? {
        guard let checkpoint, checkpoint.environment != granted.lease.environment else {
            return nil
        }
        let change = NumericsChange(
            step: checkpoint.step,
            before: checkpoint.environment,
            after: granted.lease.environment
        )
        logger.notice(
            "job \(granted.job.id): numerics_changed at step \(change.step)",
            metadata: [
                "from": "\(change.before ?? "unknown")", "to": "\(change.after ?? "unknown")",
            ]
        )
        return change
    }

    /// The bytes of a job's checkpoint.
    ///
    /// - Throws: `Problem` 404 where there is none of that step.
    func checkpointFile(at step: Int, of id: JobID) throws -> StoredFile {
        let checkpoints = try store.checkpoints(of: id)
        guard let checkpoint = checkpoints.first(where: { $0.step == step }) else {
            throw Problem(status: 404, detail: "Job \(id) has no checkpoint of step \(step).")
        }
        return checkpoint.file
    }

    /// A checkpoint as it is shown.
    static func body(of checkpoint: Checkpoint) -> CheckpointBody {
        CheckpointBody(
            step: checkpoint.step,
            hash: checkpoint.file.hash,
            size: checkpoint.file.size,
            environment: checkpoint.environment,
            exact: checkpoint.isExact,
            createdAt: Instant.text(checkpoint.committedAt)
        )
    }

    // MARK: - Files that nobody needs

    /// Removes those of some files that no job needs any more.
    func removeFiles(_ dropped: [StoredFile]) {
        do {
            try files.remove(Set(dropped.map(\.hash))) { try needed(among: $0) }
        } catch {
            // They are rubbish now, which the next start sweeps away.
            logger.warning("files of checkpoints stay until the next start: \(error)")
        }
    }

    /// Removes what a crash left between a file and its row.
    func sweepFiles() {
        do {
            let count = try files.sweep { try needed(among: $0) }
            if count > 0 { logger.notice("removed \(count) files that no job needs") }
        } catch {
            logger.warning("files that no job needs could not be removed: \(error)")
        }
    }
}

/// A checkpoint whose file is gone, cut off or changed.
struct DamagedCheckpoint: Error {
    /// The finished updates that it held.
    let step: Int
}
