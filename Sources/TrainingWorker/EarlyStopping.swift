internal import TrainingAPI

/// The count of validations without improvement, which ends a run early.
struct EarlyStopping: Hashable, Sendable, Codable {
    /// The best value so far; `nil` before the first that is a number.
    private(set) var best: Double?
    /// The finished updates at that value.
    private(set) var bestStep: Int?
    /// The validations since then, or since the first one that counted.
    private(set) var badValidations = 0

    /// Takes the monitored value of a validation that counts; a value that is not finite is no improvement.
    ///
    /// - Parameters:
    ///   - value: The monitored metric; `nil` where it is not known yet, which counts for nothing.
    ///   - step: The finished updates.
    ///   - rule: What counts as an improvement, and how long to wait for one.
    /// - Returns: Whether the run is to end.
    mutating func report(
        _ value: Double?,
        at step: Int,
        rule: EarlyStoppingSpecification
    ) -> Bool {
        guard let value else { return false }
        if isImprovement(value, rule) {
            best = value
            bestStep = step
            badValidations = 0
        } else {
            badValidations += 1
        }
        return badValidations >= rule.patience
    }

    private func isImprovement(_ value: Double, _ rule: EarlyStoppingSpecification) -> Bool {
        guard value.isFinite else { return false }
        guard let best else { return true }
        return rule.mode.isBetter(value, than: best, by: rule.minimumDelta)
    }

    /// Why the run ends, as a sentence without its full stop.
    func reason(_ rule: EarlyStoppingSpecification) -> String {
        let record =
            if let best, let bestStep {
                "did not improve on \(best) of step \(bestStep)"
            } else {
                "was no number"
            }
        let count = badValidations == 1 ? "validation" : "validations in a row"
        return "\(rule.monitor.rawValue) \(record) in \(badValidations) \(count)"
    }
}
