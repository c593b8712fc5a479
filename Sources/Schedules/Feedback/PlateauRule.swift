/// When and by how much a rate falls on a plateau of a metric.
public struct PlateauRule: Hashable, Sendable {
    /// How the threshold is measured.
    public enum ThresholdMode: String, Hashable, Sendable, Codable, CaseIterable {
        /// As a share of the size of the best report.
        case relative = "rel"
        /// As it is.
        case absolute = "abs"
    }

    /// By what the rate is multiplied; above 0 and below 1.
    public let factor: Double
    /// How many reports without improvement are borne; the next one reduces.
    public let patience: Int
    /// By how much a report must be better than the best to count as an improvement.
    public let threshold: Double
    /// How the threshold is measured.
    public let thresholdMode: ThresholdMode
    /// How many whole reports after a reduction are not counted as bad.
    public let cooldown: Int

    /// Whether `metric` improves on `best` by more than the threshold; never where it is not a number.
    ///
    /// A relative margin is a share of |best|, so that it points the right way for negative metrics.
    func isImprovement(_ metric: Double, on best: Double, mode: FeedbackRule.Mode) -> Bool {
        let margin = thresholdMode == .relative ? threshold * abs(best) : threshold
        return switch mode {
        case .minimum: metric < best - margin
        case .maximum: metric > best + margin
        }
    }
}
