/// What reports have made of a fed-back rate so far; saved with checkpoints and used to go on.
public enum FeedbackState: Hashable, Sendable, Codable {
    /// The state of a plateau rule.
    case plateau(PlateauState)

    /// The fed-back rate now in force.
    public var value: Double {
        switch self {
        case .plateau(let state): state.value
        }
    }

    /// Takes a report into account.
    ///
    /// - Parameters:
    ///   - metric: The metric; one that is not finite counts as no improvement.
    ///   - rule: The rule that the state belongs to.
    /// - Returns: What became of the rate; `nil` where it stays.
    public mutating func report(_ metric: Double, rule: FeedbackRule) -> FeedbackChange? {
        switch (self, rule.policy) {
        case (.plateau(var state), .plateau(let policy)):
            defer { self = .plateau(state) }
            return state.report(metric, mode: rule.mode, rule: policy, floor: rule.floor)
        }
    }
}

/// A move of a fed-back rate, with its reason.
public struct FeedbackChange: Hashable, Sendable {
    /// The fed-back rate before.
    public let before: Double
    /// The fed-back rate after.
    public let after: Double
    /// Why, as the beginning of a sentence: `best 0.312 not beaten for 5 reports`.
    public let reason: String
}
