import TrainingAPI
import TrainingClient

extension ClientError {
    /// Whether the server may come back from this, so that whoever watches it waits.
    var isPassing: Bool {
        switch code {
        case .cannotConnect, .connectionLost, .timedOut: true
        case .refused: problem.map { [429, 502, 503, 504].contains($0.status) } ?? false
        default: false
        }
    }
}
