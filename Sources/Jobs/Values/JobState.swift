/// Where a job stands.
///
/// The raw value is the word used in JSON and SQL.
package enum JobState: String, Sendable, CaseIterable, Codable {
    /// Waits for a worker.
    case queued
    /// A worker holds its lease.
    case running
    /// A worker holds its lease and is asked to save a checkpoint and let go.
    case pausing
    /// Stopped by a person, to be resumed by one.
    case paused
    /// A worker holds its lease and is asked to stop for good.
    case cancelling
    /// Ended by a person.
    case cancelled
    /// Ended with its result.
    case succeeded
    /// Ended without a result.
    case failed

    /// Whether the job has ended; only a retry brings it back.
    package var isTerminal: Bool {
        switch self {
        case .cancelled, .succeeded, .failed: true
        case .queued, .running, .pausing, .paused, .cancelling: false
        }
    }

    /// Whether a worker holds the job's lease; in these states alone its writes are accepted.
    package var isLeased: Bool {
        switch self {
        case .running, .pausing, .cancelling: true
        case .queued, .paused, .cancelled, .succeeded, .failed: false
        }
    }
}
