/// What people do to a job. Every store calls these and adds only storage.
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
}
