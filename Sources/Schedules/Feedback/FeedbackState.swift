/// What reports have made of a fed-back rate so far; saved with checkpoints and used to go on.
public enum FeedbackState: Hashable, Sendable, Codable {
    /// The state of a plateau rule.
    case plateau(PlateauState)
    /// The state of a greedy rule.
    case greedy(GreedyState)
    /// The state of a library's scheduler.
    case library(LibraryFeedbackState)

    /// The fed-back rate now in force.
    public var value: Double {
        switch self {
        case .plateau(let state): state.value
        case .greedy(let state): state.value
        case .library(let state): state.value
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
        case (.greedy(var state), .greedy(let policy)):
            defer { self = .greedy(state) }
            return state.report(
                metric,
                mode: rule.mode,
                rule: policy,
                floor: rule.floor,
                initial: rule.initial
            )
        case (.library(var state), .library):
            defer { self = .library(state) }
            return state.report(metric, mode: rule.mode)
        default:
            preconditionFailure("a feedback state was given to a rule of another kind")
        }
    }
}

extension FeedbackState {
    /// Multiplies the fed-back rate, as when a reduction is undone; counts and best stay.
    ///
    /// - Returns: The rate after.
    mutating func restore(_ factor: Double) -> Double {
        switch self {
        case .plateau(var state):
            state.restore(factor)
            self = .plateau(state)
        case .greedy(var state):
            state.restore(factor)
            self = .greedy(state)
        case .library(var state):
            state.restore(factor)
            self = .library(state)
        }
        return value
    }
}
