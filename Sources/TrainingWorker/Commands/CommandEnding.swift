internal import Foundation
internal import Processes
internal import TrainingAPI

extension SpawnedProcess.Ending {
    /// What the end of a command means for its job, where nobody asked for it.
    ///
    /// - Parameters:
    ///   - seconds: How long the command ran.
    ///   - tail: The end of its output; empty where it wrote nothing.
    /// - Returns: The end of the run.
    func outcome(after seconds: Double, output tail: String) -> WorkerCompletion.Outcome {
        let after = "after \(String(format: "%.1f", seconds)) s"
        let words = tail.isEmpty ? "" : "; its last output: \(tail)"
        switch self {
        case .exited(0):
            return .succeeded(TrainingSummary())
        case .exited(let status):
            return .failed(
                code: "nonzero_exit",
                detail: "the command exited with status \(status) \(after)\(words)",
                isPermanent: false
            )
        case .signalled(let signal):
            let name = Self.names[signal] ?? "\(signal)"
            let reason = Self.reasons[signal].map { " (\($0))" } ?? ""
            return .failed(
                code: "signal",
                detail: "the command was ended by \(name)\(reason) \(after)\(words)",
                isPermanent: false
            )
        }
    }

    private static let names: [Int32: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL",
        SIGABRT: "SIGABRT",
        SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV",
        SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU",
        SIGXFSZ: "SIGXFSZ",
    ]
    private static let reasons: [Int32: String] = [
        SIGKILL: "somebody's, or the system's for want of memory",
        SIGXCPU: "its limit of processor time, limits.cpu_seconds",
        SIGXFSZ: "a file grew past limits.file_bytes",
    ]
}
