internal import Training
internal import TrainingAPI

/// How a run ended, and what it leaves for its job.
struct RunResult: Sendable {
    /// How it ended.
    let outcome: WorkerCompletion.Outcome
    /// Files by the names that the service knows.
    let artifacts: [(name: String, bytes: [UInt8])]

    /// A run that leaves nothing.
    init(_ outcome: WorkerCompletion.Outcome) {
        self.outcome = outcome
        artifacts = []
    }

    /// A run that has finished its training: its model as other programs read it.
    init(_ outcome: WorkerCompletion.Outcome, leaving session: TrainingSession) {
        self.outcome = outcome
        guard let final = session.export(.final) else {
            artifacts = []
            return
        }
        var artifacts = [
            ("model.safetensors", final.weights()), ("model.py", final.torchModule()),
        ]
        if let graph = final.graph() { artifacts.append(("model.onnx", graph)) }
        if let best = session.export(.best) {
            artifacts.append(("best.safetensors", best.weights()))
        }
        self.artifacts = artifacts
    }
}
