import Foundation

/// How the runs of a job end.
///
/// Each verb returns the entries that it adds to the job's event log.
extension JobRecord {
    /// Ends the running lease.
    ///
    /// - Parameters:
    ///   - ending: How it ended.
    ///   - summary: The results, where they are newer than the last report's.
    ///   - policy: What decides whether the job runs again.
    ///   - instant: Now, on the wall clock.
    ///   - jitter: A uniform draw from 0 up to 1, for the backoff.
    ///   - told: What else there is to tell, before the change of state.
    ///   - detail: What there is to say of the ending, as the end of a sentence about it.
    /// - Returns: The entries.
    private mutating func end(
        _ ending: RunEnding,
        summary: [UInt8]? = nil,
        policy: RetryPolicy,
        at instant: Date,
        jitter: Double,
        telling told: [JobEventDraft] = [],
        detail: String? = nil
    ) -> [JobEventRecord] {
        precondition(state.isLeased, "only a leased job ends a lease")
        let instant = instant.roundedToMicroseconds
        version += 1
        self.summary = summary ?? self.summary
        switch ending {
        case .succeeded, .failed: break
        case .workerCrashed, .outOfMemory, .leaseExpired:
            crashes += 1
            attempt -= 1
        case .released, .serverRestarted, .stopped:
            attempt -= 1
        }
        let ruling = policy.ruling(
            on: ending,
            attempt: attempt,
            maximumAttempts: maximumAttempts,
            crashes: crashes,
            jitter: jitter,
            detail: detail
        )
        switch (ending, ruling) {
        case (.succeeded, _):
            move(on: .succeeded)
        case (_, .again(let delay)):
            move(on: .interrupted)
            if state == .queued, delay > .zero {
                notBefore = (instant + delay.seconds).roundedToMicroseconds
            }
        case (_, .giveUp(let failure)):
            move(on: .failed)
            self.failure = state == .failed ? failure : nil
        }
        finishedAt = state.isTerminal ? instant : nil
        let events = append(told)
        return events + [appendState(StateChange.Cause(ending), detail: detail, at: instant)]
    }

    /// Takes over what a worker brings with the end of its run, and ends the run.
    ///
    /// - Parameters:
    ///   - completion: The worker's word; a report that was applied before changes nothing.
    ///   - lease: The running lease.
    ///   - policy: What decides whether the job runs again.
    /// - Returns: What is to be stored.
    /// - Throws: `outOfOrder` for a report that leaves one out; the record is then of no use.
    package mutating func end(
        _ completion: JobCompletion,
        under lease: inout Lease,
        policy: RetryPolicy
    ) throws(JobStoreError) -> CompletedRun {
        var run = CompletedRun()
        if let report = completion.report, report.sequence > lease.sequence {
            try lease.apply(report)
            run.events += apply(report)
            run.chunks = report.chunks
        }
        if let commit = completion.checkpoint {
            let (checkpoint, events) = note(commit, under: lease)
            run.events += events
            run.checkpoint = checkpoint
        }
        run.events += end(completion, policy: policy)
        return run
    }

    private mutating func end(
        _ completion: JobCompletion,
        policy: RetryPolicy
    ) -> [JobEventRecord] {
        ranSeconds = completion.ranSeconds ?? ranSeconds
        return end(
            completion.outcome.ending,
            summary: completion.summary,
            policy: policy,
            at: completion.instant,
            jitter: completion.jitter,
            telling: completion.events
        )
    }

    /// Ends the running lease of a worker that is gone.
    package mutating func end(
        _ abandonment: LeaseAbandonment,
        policy: RetryPolicy
    ) -> [JobEventRecord] {
        end(
            abandonment.cause.ending,
            policy: policy,
            at: abandonment.instant,
            jitter: abandonment.jitter(for: id),
            telling: abandonment.events,
            detail: abandonment.detail
        )
    }

    private mutating func move(on event: JobEvent) {
        guard case .to(let next) = state.transition(on: event) else { return }
        state = next
    }
}

/// What the end of a run adds to its job.
package struct CompletedRun: Sendable {
    /// The entries of the event log, in order.
    package var events: [JobEventRecord] = []
    /// The measurements of the last report.
    package var chunks: [SeriesChunk] = []
    /// The last checkpoint.
    package var checkpoint: Checkpoint?
}
