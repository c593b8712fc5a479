/// What a person may ask of a job.
///
/// The raw value is the word used in paths and JSON.
package enum JobAction: String, Sendable, CaseIterable {
    /// End the job without its result; a running worker gets time to save a checkpoint.
    case cancel
    /// Stop the job until it is resumed; a running worker gets time to save a checkpoint.
    case pause
    /// Put a paused job back in the queue.
    case resume
    /// Put a failed or cancelled job back in the queue, with fresh attempts.
    case retry
}
