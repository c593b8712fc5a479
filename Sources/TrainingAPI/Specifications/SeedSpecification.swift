/// The seeds of a job's random streams, each 0…2⁵³ − 1.
public struct SeedSpecification: Hashable, Sendable {
    /// The seed of the initial weights.
    public var initial: UInt64
    /// The seed of the order of the training rows.
    public var order: UInt64

    /// Makes seeds that all equal `seed`.
    public init(_ seed: UInt64 = 0) {
        initial = seed
        order = seed
    }
}
