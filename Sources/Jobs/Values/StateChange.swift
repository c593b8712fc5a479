package import Foundation

/// How a job came into the state in which it is.
package struct StateChange: Hashable, Sendable, Decodable {
    /// What brought it there.
    package enum Cause: String, Hashable, Sendable, Codable {
        /// The job was accepted.
        case accepted
        /// A worker got its lease.
        case granted
        /// Its worker was heard of again before another got its lease.
        case renewed
        /// A person cancelled it.
        case cancel
        /// A person paused it.
        case pause
        /// A person resumed it.
        case resume
        /// A person had it tried again.
        case retry
        /// Its worker finished the work.
        case succeeded
        /// Its worker met an error.
        case failed
        /// Its worker let go of it.
        case released
        /// Its worker's process died.
        case workerCrashed = "worker_crashed"
        /// Its worker was not heard of for the whole term of its lease.
        case leaseExpired = "lease_expired"
        /// The system killed its worker because memory was short.
        case outOfMemory = "out_of_memory"
        /// Its worker died because the server that had started it did.
        case serverRestarted = "server_restarted"
        /// Its worker was asked to let go, did not within its grace, and was stopped.
        case stopped
    }

    /// The state from then on.
    package let state: JobState
    /// What brought it there.
    package let cause: Cause
    /// What there is to say of the cause, as the end of a sentence about it.
    package let detail: String?
    /// The attempts that ended in an error, and the one that runs.
    package let attempt: Int
    /// The workers lost since the last checkpoint.
    package let crashes: Int
    /// The grants so far.
    package let fence: Int
    /// The finished steps.
    package let step: Int
    /// The machine of the newest lease.
    package let host: String?
    /// Before when no lease is granted.
    package let notBefore: Date?
    /// Why the job failed.
    package let failure: JobFailure?

    /// The change that brought a job to where it stands now.
    package init(of job: JobRecord, cause: Cause, detail: String? = nil) {
        state = job.state
        self.cause = cause
        self.detail = detail
        attempt = job.attempt
        crashes = job.crashes
        fence = job.fence
        step = job.step
        host = job.host
        notBefore = job.notBefore
        failure = job.failure
    }
}

extension StateChange.Cause {
    /// An action as a cause.
    package init(_ action: JobAction) {
        self =
            switch action {
            case .cancel: .cancel
            case .pause: .pause
            case .resume: .resume
            case .retry: .retry
            }
    }

    /// The end of a run as a cause.
    package init(_ ending: RunEnding) {
        self =
            switch ending {
            case .succeeded: .succeeded
            case .failed: .failed
            case .released: .released
            case .workerCrashed: .workerCrashed
            case .outOfMemory: .outOfMemory
            case .leaseExpired: .leaseExpired
            case .serverRestarted: .serverRestarted
            case .stopped: .stopped
            }
    }
}
