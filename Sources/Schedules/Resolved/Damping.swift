/// How the height of a wave changes with time.
enum Damping: Hashable, Sendable {
    /// It does not.
    case none
    /// It halves with each cycle.
    case halving
    /// It is multiplied by a factor at each step.
    case exponential(factor: Double)
}
