/// A change of the rate that the schedule alone would not have made, with its reason.
public struct RateEvent: Hashable, Sendable, Codable {
    /// What changed the rate.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Reports of a metric lowered it.
        case reduction
        /// Reports of a metric raised it.
        case increase
        /// Reports of a metric made it begin anew.
        case restart
        /// An edit multiplied it.
        case scale
        /// An edit holds it.
        case learningRate = "learning_rate"
        /// An edit began another schedule.
        case schedule
        /// An edit undid a reduction.
        case veto
    }

    /// The first update that uses the new rate.
    public let step: Int
    /// What changed the rate.
    public let kind: Kind
    /// The rate that the update would have used.
    public let before: Double
    /// The rate that it uses.
    public let after: Double
    /// Why, as a sentence: `step 4200: best 0.312 not beaten for 5 reports; 1e-3 to 5e-4`.
    public let reason: String

    /// Makes an event as it is told elsewhere.
    public init(step: Int, kind: Kind, before: Double, after: Double, reason: String) {
        self.step = step
        self.kind = kind
        self.before = before
        self.after = after
        self.reason = reason
    }

    init(step: Int, kind: Kind, before: Double, after: Double, cause: String) {
        self.step = step
        self.kind = kind
        self.before = before
        self.after = after
        reason = "step \(step): \(cause); \(before.brief) to \(after.brief)"
    }
}
