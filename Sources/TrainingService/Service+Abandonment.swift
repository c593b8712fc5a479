internal import Foundation
internal import Jobs
internal import Logging

/// Ends of leases that no worker tells.
extension Service {
    /// Takes back what a local worker held whose process has ended.
    ///
    /// - Parameters:
    ///   - worker: The worker's name.
    ///   - detail: How its process ended, as the end of a sentence: `exited with status 1`.
    ///   - isOutOfMemory: Whether the system killed it because memory was short.
    ///   - lastLines: What it wrote last.
    package func localWorkerEnded(
        _ worker: String,
        detail: String,
        isOutOfMemory: Bool = false,
        lastLines: [String] = []
    ) {
        dispatcher.forget(worker)
        workers.forget(worker)
        counters.add(.crashed)
        // What dies because the server stops is no crash.
        let cause: LeaseAbandonment.Cause =
            isDraining ? .serverRestarted : isOutOfMemory ? .outOfMemory : .workerCrashed
        let reason = "worker \(worker) \(detail)"
        abandon(
            .worker(worker),
            cause: cause,
            because: reason,
            detail: reason + quoted(lastLines, "the worker wrote last")
                + quoted(lastLogLines(ofJobOf: worker), "the job's log ends")
        )
    }

    /// Lines as the end of a detail; nothing where there are none.
    private func quoted(_ lines: [String], _ heading: String) -> String {
        lines.isEmpty ? "" : ";\n\(heading):\n" + lines.joined(separator: "\n")
    }

    /// The newest lines of the log of the job that a worker runs; none where it has two, of which either may
    /// be the one that it died of.
    private func lastLogLines(ofJobOf worker: String) -> [String] {
        let keys = runs.keys(of: worker)
        guard keys.count == 1, let id = keys.first?.job else { return [] }
        do {
            let newest = try store.job(id).lastEvent
            let page = try store.events(of: id, after: newest - 256, kinds: [.log], limit: 256)
            return LogText.lines(of: page.events).suffix(5).map { String($0.prefix(200)) }
        } catch {
            // The end of the worker is told without them.
            logger.warning("the log of job \(id) could not be read: \(error)")
            return []
        }
    }

    /// Takes back what a local worker held that asks for another job.
    ///
    /// It has none: the answer with the first never reached it, or it has dropped the job.
    func abandonLeases(of worker: String, besides requestID: String) {
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
                runs.removeRuns(of: record.id, through: record.fence).forEach(leases.remove)
                graces.end(record.id)
                events.changed(record.id)
            }
            if !records.isEmpty { dispatcher.jobArrived() }
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
