/// The extent of a training run, against which lengths and schedules are resolved.
public struct Run: Hashable, Sendable, Codable {
    /// The optimizer updates of the whole run; at least 1.
    public let totalSteps: Int
    /// The optimizer updates of one epoch; at least 1.
    public let stepsPerEpoch: Int

    /// Makes the extent of a run.
    ///
    /// - Parameters:
    ///   - totalSteps: The optimizer updates of the whole run; at least 1.
    ///   - stepsPerEpoch: The optimizer updates of one epoch; at least 1.
    /// - Throws: A `ScheduleError` that names `total_steps` or `steps_per_epoch`.
    public init(totalSteps: Int, stepsPerEpoch: Int) throws(ScheduleError) {
        guard totalSteps >= 1 else {
            throw .outOfRange("total_steps", value: "\(totalSteps)", requirement: "at least 1")
        }
        guard stepsPerEpoch >= 1 else {
            throw .outOfRange(
                "steps_per_epoch",
                value: "\(stepsPerEpoch)",
                requirement: "at least 1"
            )
        }
        self.totalSteps = totalSteps
        self.stepsPerEpoch = stepsPerEpoch
    }

    /// The length of the run in epochs; fractional where the last epoch is cut short.
    var epochs: Double { Double(totalSteps) / Double(stepsPerEpoch) }

    private enum CodingKeys: String, CodingKey {
        case totalSteps = "total_steps"
        case stepsPerEpoch = "steps_per_epoch"
    }

    /// Reads `total_steps` and `steps_per_epoch`, with the checks of the initialiser.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError` where a number is below 1.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            totalSteps: container.decode(Int.self, forKey: .totalSteps),
            stepsPerEpoch: container.decode(Int.self, forKey: .stepsPerEpoch)
        )
    }
}
