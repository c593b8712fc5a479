/// A point through which a drawn curve goes.
public struct Knot: Hashable, Sendable, Codable {
    /// How far from the curve's start the point stands; 0 is allowed for the first.
    public let at: Length
    /// The rate there.
    public let rate: Target

    /// Makes a point; the curve that takes it checks it.
    public init(at: Length, rate: Target) {
        self.at = at
        self.rate = rate
    }
}
