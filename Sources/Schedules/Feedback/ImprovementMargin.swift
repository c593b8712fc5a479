/// By how much a report must beat the best one to count as an improvement.
public struct ImprovementMargin: Hashable, Sendable {
    /// How the threshold is measured.
    public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
        /// As a share of the size of the best report.
        case relative = "rel"
        /// As a difference.
        case absolute = "abs"
    }

    /// The least margin; finite and at least 0.
    public let threshold: Double
    /// How it is measured.
    public let mode: Mode

    /// Makes a margin; the curve that takes it checks it.
    public init(_ threshold: Double, _ mode: Mode) {
        self.threshold = threshold
        self.mode = mode
    }

    /// Whether `metric` improves on `best`; the first finite report always does, others never.
    ///
    /// A relative margin is a share of |best|, so that it points the right way for negative metrics.
    func isImprovement(_ metric: Double, on best: Double?, mode: FeedbackRule.Mode) -> Bool {
        guard metric.isFinite else { return false }
        guard let best else { return true }
        let margin = self.mode == .relative ? threshold * abs(best) : threshold
        return switch mode {
        case .minimum: metric < best - margin
        case .maximum: metric > best + margin
        }
    }
}

extension Arguments {
    /// The margin of the parameters `threshold` and `threshold_mode`.
    var margin: ImprovementMargin {
        ImprovementMargin(number("threshold"), choice("threshold_mode"))
    }
}
