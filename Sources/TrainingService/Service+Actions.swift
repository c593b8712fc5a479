internal import Foundation
internal import HTTP
internal import Jobs
internal import Logging
internal import Synchronization
internal import TrainingAPI

/// What people ask of a job that is there.
extension Service {
    /// How often an answer is made anew because the job changed meanwhile.
    private static let tries = 100

    /// Does what a person asks for; it is on disk when this returns.
    ///
    /// - Parameters:
    ///   - action: What is asked for.
    ///   - id: The job.
    ///   - fromStart: Whether a retry begins with step 0.
    ///   - key: The key under which the answer is kept.
    /// - Returns: The answer, the first one again where `key` was used before.
    /// - Throws: `JobStoreError`, or `Problem` where the key was used for another body.
    func act(
        _ action: JobAction,
        on id: JobID,
        fromStart: Bool = false,
        key: SubmissionKey? = nil
    ) throws -> Response {
        var request = ActionRequest(action, on: id, at: Date())
        request.fromStart = fromStart
        guard let key else {
            guard case .done(let record) = try store.act(request) else {
                throw Problem(status: 500, detail: "The action was neither done nor refused.")
            }
            noteAction(on: record)
            return ActionAnswer(record, try present(record)).response(isReplayed: false)
        }
        // The answer is stored with the action, so it is made from what the action will do. A worker's
        // report in between makes that another version, from which it is made anew.
        for _ in 0..<Self.tries {
            let answer = try prediction(of: request)
            request.expectedVersion = answer?.before.version
            request.idempotency = key.idempotency(answer: answer?.after.stored ?? [])
            switch try store.act(request) {
            case .done(let record):
                noteAction(on: record)
                return ActionAnswer(record, try present(record)).response(isReplayed: false)
            case .replayed(let stored):
                return try ActionAnswer(stored: stored).response(isReplayed: true)
            case .keyReused: throw SubmissionKey.reused
            case .changed: continue
            }
        }
        throw Problem(status: 503, detail: "The job changes too fast; try again.")
    }

    /// How the job stands, and the answer once the action is done; `nil` where the job is not there or
    /// refuses, which the store says unless the key was used before.
    private func prediction(
        of request: ActionRequest
    ) throws -> (before: JobRecord, after: ActionAnswer)? {
        do throws(JobStoreError) {
            let before = try store.job(request.id)
            var after = before
            _ = try after.apply(request)
            return (before, ActionAnswer(after, presentUnstored(after)))
        } catch {
            switch error.code {
            case .notFound, .conflict: return nil
            default: throw error
            }
        }
    }

    /// Lets follow what an action brings about: who follows the job is told, a worker is looked for, and
    /// a worker that must let go gets a limit.
    private func noteAction(on record: JobRecord) {
        events.changed(record.id)
        switch record.state {
        case .queued: dispatcher.jobArrived()
        case .pausing, .cancelling:
            // A script that is not heard of cannot be waited for.
            let grace = leases.isSilent(record.id) ? .zero : configuration.grace
            graces.begin(record.id, for: grace)
        case .running, .paused, .cancelled, .succeeded, .failed: break
        }
    }

    /// Removes a job that is final, with all its history and all that it left; it is gone from disk when
    /// this returns.
    ///
    /// - Throws: `JobStoreError`; `conflict` for a job that has not ended.
    func delete(_ id: JobID) throws {
        let files = try store.delete(id)
        noteRemoval(of: id)
        removeFiles(files)
    }

    /// Lets go of what is kept of a job that the store does not hold any more.
    func noteRemoval(of id: JobID) {
        events.deleted(id)
        bodies.forget(id)
        acceptedJobs.take(id)
    }

    // MARK: - Grace

    /// Stops the workers that had to let go of a job and have not done so in their time.
    func sweepGraces(now: ContinuousClock.Instant = .now) {
        let overdue = graces.expired(now: now)
        guard !overdue.isEmpty else { return }
        do {
            let leases = try store.liveLeases().filter { overdue.contains($0.key.job) }
            for lease in leases { stopHard(lease) }
            // A job that is not leased any more has let go by itself.
            for job in overdue.subtracting(leases.map(\.key.job)) { graces.end(job) }
        } catch {
            logger.error("workers could not be stopped: \(error)")
        }
    }

    /// Takes a lease back from a worker that does not let go, and ends the worker where it is local.
    private func stopHard(_ lease: Lease) {
        let detail = "it did not let go of the job within \(configuration.grace)"
        if let run = runs.run(of: lease.key.lease), run.isOverLimit {
            endByLimit(run)
            counters.add(.stopped)
            if lease.server == configuration.server {
                stopLocalWorker.withLock { $0 }?(lease.worker)
            }
            return
        }
        guard
            abandon(
                .lease(lease.key),
                cause: .stopped,
                because: "worker \(lease.worker) was stopped: \(detail)",
                detail: detail
            ) != nil
        else { return }
        counters.add(.stopped)
        if lease.server == configuration.server { stopLocalWorker.withLock { $0 }?(lease.worker) }
    }
}
