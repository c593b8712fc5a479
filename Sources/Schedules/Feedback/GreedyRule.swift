/// When and by how much a rate rises and falls with a metric's improvements.
public struct GreedyRule: Hashable, Sendable {
    /// By what the rate is multiplied, or divided; above 0 and below 1.
    public let factor: Double
    /// How many equal verdicts in a row are borne; the next one moves the rate.
    public let patience: Int
    /// By how much a report must beat the best.
    public let margin: ImprovementMargin
    /// How many reports after a fall are not seen.
    public let cooldown: Int
    /// How many reports after a rise are not seen.
    public let riseCooldown: Int
    /// Over how many reports their mean is taken; at least 1.
    public let window: Int
    /// The greatest rate.
    public let ceiling: Double
    /// After how many falls at the floor in a row everything begins anew; at least 1.
    public let resetAfter: Int
}
