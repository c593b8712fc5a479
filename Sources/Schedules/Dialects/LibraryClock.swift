/// Composer's clock: what turns its time strings into batches.
public struct LibraryClock: Hashable, Sendable, Codable {
    /// The length of the run as a time string: `6ep`, `40ba`.
    public let maximumDuration: String
    /// The batches of an epoch; at least 1.
    public let batchesPerEpoch: Int
    /// The scale schedule ratio; above 0, 1 where nothing is scaled.
    public let scaleRatio: Double

    private enum CodingKeys: String, CodingKey {
        case maximumDuration = "max_duration"
        case batchesPerEpoch = "dataloader_len"
        case scaleRatio = "ssr"
    }

    /// Makes a clock.
    ///
    /// - Parameters:
    ///   - maximumDuration: The length of the run as a time string.
    ///   - batchesPerEpoch: The batches of an epoch; at least 1.
    ///   - scaleRatio: The scale schedule ratio; above 0.
    public init(maximumDuration: String, batchesPerEpoch: Int, scaleRatio: Double = 1) {
        self.maximumDuration = maximumDuration
        self.batchesPerEpoch = batchesPerEpoch
        self.scaleRatio = scaleRatio
    }

    /// The clock of a run.
    init(_ run: Run) {
        self.init(maximumDuration: "\(run.totalSteps)ba", batchesPerEpoch: run.stepsPerEpoch)
    }

    /// Reads `max_duration`, `dataloader_len` and `ssr` (1).
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError` where one is missing or of another kind.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        maximumDuration = try container.decode(String.self, forKey: .maximumDuration)
        batchesPerEpoch = try container.decode(Int.self, forKey: .batchesPerEpoch)
        scaleRatio = try container.decodeIfPresent(Double.self, forKey: .scaleRatio) ?? 1
    }
}
