/// The momenta between which a momentum moves against the rate: high where the rate is low.
public struct MomentumRange: Hashable, Sendable, Codable {
    /// The momentum at the lowest rate; in [0, 1).
    public let high: Double
    /// The momentum at the peak; in [0, 1) and at most `high`.
    public let low: Double

    /// Makes a range of momenta.
    ///
    /// - Parameters:
    ///   - high: The momentum at the lowest rate; in [0, 1).
    ///   - low: The momentum at the peak; in [0, 1) and at most `high`.
    /// - Throws: A `ScheduleError` that names `high` or `low`.
    public init(high: Double, low: Double) throws(ScheduleError) {
        for (field, momentum) in [("high", high), ("low", low)]
        where !(momentum >= 0 && momentum < 1) {
            throw .outOfRange(
                FieldPath([.key(field)]),
                value: "\(momentum)",
                requirement: "a number of at least 0 and below 1"
            )
        }
        guard low <= high else {
            throw .conflict("low", detail: "\(low) is above high, \(high)")
        }
        self.high = high
        self.low = low
    }

    /// A range whose bounds are known to be right.
    private init(uncheckedHigh high: Double, low: Double) {
        self.high = high
        self.low = low
    }

    /// The range of one-cycle schedules: 0.95 at the ends, 0.85 at the peak.
    public static let oneCycle = MomentumRange(uncheckedHigh: 0.95, low: 0.85)

    private enum CodingKeys: String, CodingKey {
        case high, low
    }

    /// Reads `high` and `low`, with the checks of the initialiser.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError` where a momentum is out of range.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            high: container.decode(Double.self, forKey: .high),
            low: container.decode(Double.self, forKey: .low)
        )
    }
}
