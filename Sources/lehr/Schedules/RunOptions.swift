import ArgumentParser

/// What `--steps`, `--epochs` and `--steps-per-epoch` say together.
enum RunOptions {
    /// Refuses numbers that make no run.
    static func validate(steps: Int?, epochs: Double?, stepsPerEpoch: Int?) throws {
        if steps != nil, epochs != nil {
            throw ValidationError("A run has --steps or --epochs, not both.")
        }
        if let steps, steps < 1 {
            throw ValidationError("--steps must be at least 1, not \(steps).")
        }
        if let stepsPerEpoch, stepsPerEpoch < 1 {
            throw ValidationError("--steps-per-epoch must be at least 1, not \(stepsPerEpoch).")
        }
        if let epochs, !(epochs > 0 && epochs < 1e9) {
            throw ValidationError("--epochs must be more than 0, not \(epochs).")
        }
    }

    /// The updates of a number of epochs.
    static func steps(epochs: Double, _ stepsPerEpoch: Int?) throws -> Int {
        guard let stepsPerEpoch else {
            throw PreviewDraft.Failure(
                description: "the run has \(NumberText.value(epochs)) epochs; say with "
                    + "--steps-per-epoch how many updates one has, or write --steps"
            )
        }
        let steps = (epochs * Double(stepsPerEpoch)).rounded(.up)
        guard steps >= 1, steps <= 1e9 else {
            throw PreviewDraft.Failure(
                description:
                    "a run of \(NumberText.value(epochs)) epochs of \(stepsPerEpoch) updates "
                    + "cannot be drawn"
            )
        }
        return Int(steps)
    }
}
