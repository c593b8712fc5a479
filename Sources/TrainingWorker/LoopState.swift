internal import Training
internal import TrainingAPI

/// What a loop remembers from one update to the next beside its session.
///
/// A checkpoint holds all of it, so that whatever is added here is saved and restored.
struct LoopState: Hashable, Sendable, Codable {
    /// The validation that did best.
    struct Best: Hashable, Sendable, Codable {
        /// The monitored metric.
        var value: Double
        /// The finished updates then.
        var step: Int
        var evaluation: Evaluation
    }

    /// The mean loss over the samples of an epoch.
    struct EpochMean: Hashable, Sendable, Codable {
        private var sum = 0.0
        private var rows = 0

        mutating func add(_ result: UpdateResult) {
            sum += result.loss * Double(result.rows)
            rows += result.rows
        }

        var isEmpty: Bool { rows == 0 }
        var mean: Double { sum / Double(max(1, rows)) }
    }

    /// What the run has come to.
    var summary = TrainingSummary()
    var best: Best?
    /// What early stopping counts.
    var patience = EarlyStopping()
    /// The epoch that is under way.
    var epoch = EpochMean()
    /// The seconds spent in updates on the way to these weights.
    var updateSeconds = 0.0
    /// The seconds of running on the way to these weights.
    var seconds = 0.0
}
