/// What may happen to a job's state.
package enum JobEvent: Hashable, Sendable {
    /// A person asks for it.
    case action(JobAction)
    /// A worker gets the lease, or takes up its expired one again.
    case granted
    /// The worker finishes the work.
    case succeeded
    /// The lease ends, and the retry policy gives the job up.
    case failed
    /// The lease ends, and the work is to go on under another: a release, a death, an error.
    case interrupted
}

/// What an event does to a job's state.
package enum JobTransition: Hashable, Sendable {
    /// The job goes to another state.
    case to(JobState)
    /// Nothing changes, and that is no error.
    case stay
    /// It is not legal in this state.
    case refused
}

extension JobState {
    /// The state machine: what an event does in this state.
    ///
    /// A cancellation beats a pause, a retry and a failure, but not a result that is already there.
    package func transition(on event: JobEvent) -> JobTransition {
        switch event {
        case .action(.cancel):
            switch self {
            case .queued, .paused: .to(.cancelled)
            case .running, .pausing: .to(.cancelling)
            case .cancelling, .cancelled, .failed: .stay
            case .succeeded: .refused
            }
        case .action(.pause):
            switch self {
            case .queued: .to(.paused)
            case .running: .to(.pausing)
            case .pausing, .paused: .stay
            case .cancelling, .cancelled, .succeeded, .failed: .refused
            }
        case .action(.resume):
            switch self {
            case .paused: .to(.queued)
            case .queued, .running: .stay
            case .pausing, .cancelling, .cancelled, .succeeded, .failed: .refused
            }
        case .action(.retry):
            switch self {
            case .cancelled, .failed: .to(.queued)
            case .queued, .running, .pausing, .paused, .cancelling, .succeeded: .refused
            }
        case .granted:
            switch self {
            case .queued: .to(.running)
            case .running, .pausing, .paused, .cancelling, .cancelled, .succeeded, .failed: .refused
            }
        case .succeeded: leaseEnds(running: .succeeded, pausing: .succeeded, cancelling: .succeeded)
        case .failed: leaseEnds(running: .failed, pausing: .failed, cancelling: .cancelled)
        case .interrupted: leaseEnds(running: .queued, pausing: .paused, cancelling: .cancelled)
        }
    }

    /// Whether people may change the work of a job in this state: no worker is told to let go of it.
    package var takesEdits: Bool {
        switch self {
        case .queued, .running, .paused: true
        case .pausing, .cancelling, .cancelled, .succeeded, .failed: false
        }
    }

    /// The actions that would change a job in this state, for the answer to a refused one.
    package var allowedActions: [JobAction] {
        JobAction.allCases.filter { action in
            if case .to = transition(on: .action(action)) { true } else { false }
        }
    }

    /// The row of an event that ends a lease, which only the leased states know.
    private func leaseEnds(
        running: JobState,
        pausing: JobState,
        cancelling: JobState
    ) -> JobTransition {
        switch self {
        case .running: .to(running)
        case .pausing: .to(pausing)
        case .cancelling: .to(cancelling)
        case .queued, .paused, .cancelled, .succeeded, .failed: .refused
        }
    }
}
