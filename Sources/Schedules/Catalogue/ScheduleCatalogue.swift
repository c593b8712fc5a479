/// Every native schedule type, in the order in which they are documented.
///
/// Decoding, encoding, checking and documentation all read this one table.
public enum ScheduleCatalogue {
    /// The types.
    public static let types: [ScheduleType] = [
        .constant, .step, .multiStep, .piecewiseConstant, .exponential, .inverseTime, .linear,
        .polynomial, .cosine, .cosineRestarts, .cyclic, .oneCycle, .inverseSquareRoot, .noam,
        .power,
        .warmupStableDecay, .rex, .tanh, .chebyshev, .interpolated, .reduceOnPlateau, .greedy,
        .sequence, .product,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: types.map { ($0.name, $0) })

    /// The type that is written `name`.
    ///
    /// - Parameter name: The name in the written form, such as `multi_step`.
    /// - Returns: `nil` where there is none.
    public static func type(named name: String) -> ScheduleType? {
        byName[name]
    }
}
