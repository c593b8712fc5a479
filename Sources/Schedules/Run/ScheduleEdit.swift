/// A change that a person makes to the rates of a run, from a step on.
public struct ScheduleEdit: Hashable, Sendable {
    /// What is changed.
    public enum Change: Hashable, Sendable {
        /// The rates are multiplied; above 0, and on top of earlier scales.
        case scale(Double)
        /// The rate is held at this value until the next edit; above 0.
        case learningRate(Double)
        /// A schedule begins at its own step 0, with the rest of the run as its run.
        case schedule(RunSchedule)
        /// The reduction at that step is undone.
        case vetoReduction(at: Int)
    }

    /// The first update for which the change holds.
    public let fromStep: Int
    /// What is changed.
    public let change: Change

    /// Makes an edit; the rate function that takes it checks it.
    public init(fromStep: Int, _ change: Change) {
        self.fromStep = fromStep
        self.change = change
    }
}

extension ScheduleEdit: Codable {
    private enum CodingKeys: String, CodingKey {
        case fromStep = "from_step"
        case scale
        case learningRate = "learning_rate"
        case schedule
        case vetoReductionAt = "veto_reduction_at"
    }

    /// Reads `from_step` and one of `scale`, `learning_rate`, `schedule`, `veto_reduction_at`.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError` where there is none or more than one of them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        fromStep = try container.decode(Int.self, forKey: .fromStep)
        let changes = container.allKeys.filter { $0 != .fromStep }
        guard changes.count == 1, let key = changes.first else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "an edit has exactly one of scale, learning_rate, schedule, "
                        + "veto_reduction_at"
                )
            )
        }
        change =
            switch key {
            case .learningRate: .learningRate(try container.decode(Double.self, forKey: key))
            case .schedule: .schedule(try container.decode(RunSchedule.self, forKey: key))
            case .vetoReductionAt: .vetoReduction(at: try container.decode(Int.self, forKey: key))
            case .scale, .fromStep: .scale(try container.decode(Double.self, forKey: .scale))
            }
    }

    /// Writes the form that is read.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(fromStep, forKey: .fromStep)
        switch change {
        case .scale(let factor): try container.encode(factor, forKey: .scale)
        case .learningRate(let rate): try container.encode(rate, forKey: .learningRate)
        case .schedule(let schedule): try container.encode(schedule, forKey: .schedule)
        case .vetoReduction(let step): try container.encode(step, forKey: .vetoReductionAt)
        }
    }
}
