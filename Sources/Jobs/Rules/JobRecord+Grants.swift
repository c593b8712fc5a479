package import Foundation

/// Who gets a job, and what its run tells of it.
///
/// Each verb returns the entries that it adds to the job's event log.
extension JobRecord {
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

    /// Whether the job may wait at a worker for another, where the worker has another to run first.
    ///
    /// Only one that takes no time worth speaking of may. A job whose worker died runs alone from then on
    /// (``runsBriefly``), so that none is blamed for good for the crashes of its neighbour.
    package func mayFollow(for request: LeaseRequest) -> Bool {
        !request.isAhead || runsBriefly
    }

    /// Whether a worker may have another job beside this one: it takes no time worth speaking of, and no
    /// worker died with it since its last checkpoint.
    package var runsBriefly: Bool { isBrief && crashes == 0 }

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
}
