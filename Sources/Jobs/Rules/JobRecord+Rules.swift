package import Foundation

/// What the verbs of a store do to a job. Every store calls these and adds only storage.
///
/// Each returns the entries that the verb adds to the job's event log.
extension JobRecord {
    /// Tells of a job that was just accepted, and what its submission tells.
    package mutating func noteAcceptance(_ submission: JobSubmission) -> [JobEventRecord] {
        [appendState(.accepted, at: submission.instant)] + append(submission.events)
    }

    /// Applies what a person asks for.
    ///
    /// - Throws: `conflict` with the allowed actions; the record is then unchanged.
    package mutating func apply(
        _ request: ActionRequest
    ) throws(JobStoreError) -> [JobEventRecord] {
        let (action, instant) = (request.action, request.instant)
        switch state.transition(on: .action(action)) {
        case .refused:
            throw .conflict(action, on: self)
        case .stay:
            return []
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
            ranSeconds = 0
            if request.fromStart { forgetRuns() }
        }
        return [appendState(StateChange.Cause(action), at: instant)]
    }

    /// Takes over what a person changes of the work.
    ///
    /// - Throws: `conflict`; the record is then unchanged.
    package mutating func apply(_ request: EditRequest) throws(JobStoreError) -> [JobEventRecord] {
        guard state.takesEdits else { throw .uneditable(self) }
        version += 1
        revision += 1
        edits = request.edits
        return append(request.events)
    }

    /// Makes the next run begin where the first one did.
    private mutating func forgetRuns() {
        restartFence = fence
        step = origin?.step ?? 0
        progress = nil
        summary = nil
        feedback = nil
        // What a job of another began with keeps its environment.
        if origin == nil { environment = nil }
    }

    /// Whether a worker computes with what the job asks for: the environment of its checkpoint where
    /// the job asks for exact results.
    package func canGoOn(for request: LeaseRequest) -> Bool {
        !requiresExact || environment == nil || environment == request.environment
    }

    /// Whether a worker that wants this one job may have it; when it was to start again does not matter.
    package func isWanted(by request: LeaseRequest) -> Bool {
        request.job == id && state == .queued && request.kinds.contains(kind)
            && canGoOn(for: request)
    }

    /// Whether the time that the job waits for has come.
    ///
    /// A backoff that is longer than any shows that the wall clock was set back meanwhile, and is over.
    package func mayStart(at instant: Date, under policy: RetryPolicy) -> Bool {
        guard let notBefore, notBefore > instant else { return true }
        return startedAt != nil && notBefore > policy.latestRetry(after: instant)
    }

    /// Grants the job to a worker: a higher fence, one attempt more, back to the checkpoint or to the
    /// worker's own state.
    ///
    /// - Parameters:
    ///   - request: The request of the worker that gets it.
    ///   - checkpoint: The newest checkpoint, if there is one.
    ///   - gpus: The ids of the GPUs that it gets.
    /// - Returns: The new lease, and the entries. The job must be queued.
    package mutating func grant(
        to request: LeaseRequest,
        from checkpoint: Checkpoint?,
        having gpus: [String]
    ) -> (lease: Lease, events: [JobEventRecord]) {
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
        step = request.ownState?.step ?? checkpoint?.step ?? 0
        progress = nil
        summary = nil
        let resumed = request.ownState.map(\.feedback) ?? checkpoint?.feedback
        if feedback != resumed { revision += 1 }
        feedback = resumed
        isExact = checkpoint.map { $0.isExact && $0.environment == request.environment } ?? true
        let lease = Lease(
            key: LeaseKey(job: id, fence: fence, lease: request.lease),
            worker: request.worker,
            server: request.server,
            requestID: request.requestID,
            environment: request.environment,
            gpus: gpus,
            resumeStep: step,
            grantedThrough: step,
            sequence: 0,
            grantedAt: instant
        )
        return (lease, [appendState(.granted, at: instant)])
    }

    /// Takes entries for the event log, and changes nothing else.
    package mutating func note(_ drafts: [JobEventDraft]) -> [JobEventRecord] {
        version += 1
        return append(drafts)
    }

    /// Makes the newest grant live again, whose lease ended in silence and was not granted since.
    ///
    /// - Parameters:
    ///   - run: The newest grant.
    ///   - instant: Now, on the wall clock.
    /// - Returns: The entries; nil, with the record unchanged, for a grant that cannot live again.
    package mutating func revive(_ run: Run, at instant: Date) -> [JobEventRecord]? {
        guard run.ending == .leaseExpired, run.lease.key.fence == fence,
            case .to(let next) = state.transition(on: .granted)
        else { return nil }
        state = next
        version += 1
        attempt += 1
        crashes -= 1
        notBefore = nil
        return [appendState(.renewed, at: instant)]
    }

    /// Takes over what a report says; nil leaves what is there.
    package mutating func apply(_ report: JobReport) -> [JobEventRecord] {
        version += 1
        step = report.steps.upperBound
        progress = report.progress ?? progress
        summary = report.summary ?? summary
        feedback = report.feedback ?? feedback
        ranSeconds = report.ranSeconds ?? ranSeconds
        revision += report.turns
        return append(report.events)
    }

    /// The checkpoint that a job begins with which goes on from another's, under no grant of its own.
    ///
    /// - Parameters:
    ///   - submission: The submission.
    ///   - checkpoint: The other job's checkpoint.
    /// - Returns: The checkpoint.
    package mutating func goOn(
        _ submission: JobSubmission,
        from checkpoint: Checkpoint
    ) -> Checkpoint {
        environment = checkpoint.environment
        isExact = checkpoint.isExact
        feedback = submission.feedback
        return Checkpoint(
            step: checkpoint.step,
            fence: 0,
            file: checkpoint.file,
            environment: checkpoint.environment,
            isExact: checkpoint.isExact,
            feedback: submission.feedback,
            committedAt: submission.instant.roundedToMicroseconds
        )
    }

    /// Notes that a checkpoint was committed: the workers lost before it no longer count.
    ///
    /// - Parameters:
    ///   - commit: The checkpoint's place and bytes.
    ///   - lease: The lease under which it was taken.
    /// - Returns: The checkpoint, and the entries.
    package mutating func note(
        _ commit: CheckpointCommit,
        under lease: Lease
    ) -> (checkpoint: Checkpoint, events: [JobEventRecord]) {
        version += 1
        crashes = 0
        environment = lease.environment
        let checkpoint = Checkpoint(
            step: commit.step,
            fence: commit.key.fence,
            file: commit.file,
            environment: lease.environment,
            isExact: isExact,
            feedback: commit.feedback,
            committedAt: commit.instant.roundedToMicroseconds
        )
        return (checkpoint, append(commit.events))
    }

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

    /// Ends the running lease as its worker says.
    package mutating func end(
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
