/// A move of a fed-back rate, with its reason.
public struct FeedbackChange: Hashable, Sendable {
    /// What kind of move it is.
    public let kind: RateEvent.Kind
    /// The fed-back rate before.
    public let before: Double
    /// The fed-back rate after.
    public let after: Double
    /// Why, as the beginning of a sentence: `best 0.312 not beaten for 5 reports`.
    public let reason: String
}
