package import Foundation

/// What the verbs of a store do to a job. Every store calls these and adds only storage.
extension JobRecord {
    /// Applies what a person asks for.
    ///
    /// - Throws: `conflict` with the allowed actions; the record is then unchanged.
    package mutating func apply(
        _ action: JobAction,
        at instant: Date
    ) throws(JobStoreError) {
        switch state.transition(on: .action(action)) {
        case .refused:
            throw .conflict(action, on: self)
        case .stay:
            return
        case .to(let next):
            state = next
        }
        version += 1
        finishedAt = state.isTerminal ? instant.roundedToMicroseconds : nil
        if action == .retry {
            enqueuedAt = instant.roundedToMicroseconds
            notBefore = nil
            failure = nil
            attempt = 0
            crashes = 0
        }
    }

    /// Whether a worker computes with what the job asks for: the environment of its checkpoint where
    /// the job asks for exact results.
    package func canGoOn(for request: LeaseRequest) -> Bool {
        !requiresExact || environment == nil || environment == request.environment
    }

    /// Grants the job to a worker: a higher fence, one attempt more, back to the checkpoint.
    ///
    /// - Parameters:
    ///   - request: The request of the worker that gets it.
    ///   - checkpoint: The newest checkpoint, if there is one.
    /// - Returns: The new lease. The job must be queued.
    package mutating func grant(to request: LeaseRequest, from checkpoint: Checkpoint?) -> Lease {
        precondition(
            state.transition(on: .granted) == .to(.running),
            "only a queued job is granted"
        )
        let instant = request.instant.roundedToMicroseconds
        state = .running
        version += 1
        fence += 1
        attempt += 1
        notBefore = nil
        startedAt = startedAt ?? instant
        host = request.host
        step = checkpoint?.step ?? 0
        progress = nil
        summary = nil
        feedback = checkpoint?.feedback
        isExact = checkpoint.map { $0.isExact && $0.environment == request.environment } ?? true
        return Lease(
            key: LeaseKey(job: id, fence: fence, lease: request.lease),
            worker: request.worker,
            server: request.server,
            requestID: request.requestID,
            environment: request.environment,
            resumeStep: step,
            grantedThrough: step,
            sequence: 0,
            grantedAt: instant
        )
    }

    /// Takes over what a report says; nil leaves what is there.
    package mutating func apply(_ report: JobReport) {
        version += 1
        step = report.steps.upperBound
        progress = report.progress ?? progress
        summary = report.summary ?? summary
        feedback = report.feedback ?? feedback
    }

    /// Notes that a checkpoint was committed: the workers lost before it no longer count.
    ///
    /// - Parameters:
    ///   - commit: The checkpoint's place and bytes.
    ///   - lease: The lease under which it was taken.
    /// - Returns: The checkpoint.
    package mutating func note(_ commit: CheckpointCommit, under lease: Lease) -> Checkpoint {
        version += 1
        crashes = 0
        environment = lease.environment
        return Checkpoint(
            step: commit.step,
            fence: commit.key.fence,
            file: commit.file,
            environment: lease.environment,
            isExact: isExact,
            feedback: commit.feedback,
            committedAt: commit.instant.roundedToMicroseconds
        )
    }

    /// Ends the running lease.
    ///
    /// - Parameters:
    ///   - ending: How it ended.
    ///   - summary: The results, where they are newer than the last report's.
    ///   - policy: What decides whether the job runs again.
    ///   - instant: Now, on the wall clock.
    ///   - jitter: A uniform draw from 0 up to 1, for the backoff.
    package mutating func end(
        _ ending: RunEnding,
        summary: [UInt8]? = nil,
        policy: RetryPolicy,
        at instant: Date,
        jitter: Double
    ) {
        precondition(state.isLeased, "only a leased job ends a lease")
        let instant = instant.roundedToMicroseconds
        version += 1
        self.summary = summary ?? self.summary
        switch ending {
        case .succeeded, .failed: break
        case .workerCrashed, .leaseExpired:
            crashes += 1
            attempt -= 1
        case .released, .serverRestarted:
            attempt -= 1
        }
        let ruling = policy.ruling(
            on: ending,
            attempt: attempt,
            maximumAttempts: maximumAttempts,
            crashes: crashes,
            jitter: jitter
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
    }

    private mutating func move(on event: JobEvent) {
        guard case .to(let next) = state.transition(on: event) else { return }
        state = next
    }
}

/// What the verbs of a store do to a lease.
extension Lease {
    /// Notes that a report was applied.
    ///
    /// - Throws: `outOfOrder` for a report that is not the next one; the lease is then unchanged.
    package mutating func apply(_ report: JobReport) throws(JobStoreError) {
        guard report.sequence == sequence + 1 else { throw .outOfOrder(report, after: self) }
        sequence = report.sequence
        extend(through: report.grantedThrough)
    }

    /// Moves the end of what is granted; it never moves back.
    package mutating func extend(through step: Int?) {
        grantedThrough = max(grantedThrough, step ?? 0)
    }
}
