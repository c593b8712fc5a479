/// When and by how much a rate falls on a plateau of a metric.
public struct PlateauRule: Hashable, Sendable {
    /// By what the rate is multiplied; above 0 and below 1.
    public let factor: Double
    /// How many reports without improvement are borne; the next one reduces.
    public let patience: Int
    /// By how much a report must beat the best.
    public let margin: ImprovementMargin
    /// How many whole reports after a reduction are not counted as bad.
    public let cooldown: Int
}
