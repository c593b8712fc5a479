import TrainingAPI
import TrainingClient

/// What the process says to the shell at its end; the one place that decides it.
enum ExitStatus: Int32 {
    /// All went well; a watched job succeeded.
    case success = 0
    /// A watched job failed.
    case jobFailed = 1
    /// The server, or a check before it, says no to what was asked.
    case refused = 2
    /// A watched job was cancelled.
    case jobCancelled = 3
    /// The server cannot be reached, or does not answer as one.
    case unreachable = 4
    /// A schedule could be converted, but some rates differ.
    case inexact = 5
    /// What was written on the command line is not understood (`EX_USAGE`).
    case usage = 64
    /// Ctrl-C was pressed; what was watched goes on.
    case detached = 130

    /// The status of a watched job that has ended.
    init(outcome job: JobBody) {
        self =
            switch job.state {
            case "succeeded": .success
            case "cancelled": .jobCancelled
            default: .jobFailed
            }
    }

    /// The status of an error that ends the process; `nil` for one of the argument parser's.
    init?(_ error: any Error) {
        switch error {
        case let error as ClientError:
            switch error.code {
            case .refused, .invalidRequest, .responseTooLarge: self = .refused
            default: self = .unreachable
            }
        case let ended as JobEnded: self = ended.status
        case is Interruption.Interrupted: self = .detached
        case is StandardOutput.Closed: self = .success
        case is StandardOutput.Sink.BeganAnew: self = .unreachable
        case is FaultReport, is Assignment.Failure, is SpecificationFile.Failure,
            is JobReference.Failure, is PreviewDraft.Failure, is OutputFile.Failure,
            is Profiles.Failure, is CodeArchive.Failure:
            self = .refused
        default: return nil
        }
    }
}

/// A watched job ended; its outcome is the process's.
struct JobEnded: Error {
    let status: ExitStatus
}
