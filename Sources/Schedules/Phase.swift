/// A part of a sequence: a curve with its length, and where it wants them a peak, a floor and a warm-up of its own.
public struct Phase: Hashable, Sendable {
    /// How long the phase lasts; `nil`, allowed for the last alone, is the rest.
    public let length: Length?
    /// The course, seen from the phase's own step 0.
    public let curve: Curve
    /// The peak; `nil` is the sequence's.
    public let learningRate: Double?
    /// A rate below which the curve does not go.
    public let floor: Double?
    /// The rise before the curve, inside the phase.
    public let warmup: Warmup?

    /// Makes a phase.
    ///
    /// - Parameters:
    ///   - length: How long the phase lasts; `nil`, allowed for the last alone, is the rest.
    ///   - curve: The course, seen from the phase's own step 0.
    ///   - learningRate: The peak; `nil` is the sequence's.
    ///   - floor: A rate below which the curve does not go; at most the peak.
    ///   - warmup: The rise before the curve, inside the phase.
    /// - Throws: A `ScheduleError` that names the field.
    public init(
        length: Length?,
        curve: Curve,
        learningRate: Double? = nil,
        floor: Double? = nil,
        warmup: Warmup? = nil
    ) throws(ScheduleError) {
        self.length = length
        self.curve = curve
        self.learningRate = learningRate
        self.floor = floor
        self.warmup = warmup
        if let fault = length?.fault() {
            throw .outOfRange("length", value: fault.value, requirement: fault.requirement)
        }
        if let learningRate {
            guard Bounds.positive.contains(learningRate) else {
                throw .outOfRange(
                    "learning_rate",
                    value: "\(learningRate)",
                    requirement: Bounds.positive.description
                )
            }
            if let fault = faults(peak: learningRate, outerFloor: nil).first { throw fault }
        }
    }

    /// What is wrong with the phase under the peak that it inherits and over the floor around it.
    func faults(peak: Double, outerFloor: Double?) -> [ScheduleError] {
        let peak = learningRate ?? peak
        var faults = Schedule.faults(floor: floor, warmup: warmup, peak: peak)
        if let outerFloor, outerFloor > peak {
            faults.append(
                .conflict(
                    "learning_rate",
                    detail: "\(peak.plain) is below the floor around the phase, "
                        + "\(outerFloor.plain)"
                )
            )
        }
        return faults
            + curve.faults(peak: peak, floor: [floor, outerFloor].compactMap { $0 }.max())
    }
}

extension Phase: Codable {
    private static let fields = ["type", "length", "learning_rate", "floor", "warmup"]

    /// Reads a curve's fields beside `length`, `learning_rate`, `floor` and `warmup`; other fields are refused.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError` from the checks.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldKey.self)
        try self.init(
            length: container.decodeIfPresent(Length.self, forKey: FieldKey("length")),
            curve: Curve(in: container, besides: Self.fields),
            learningRate: container.decodeIfPresent(
                Double.self,
                forKey: FieldKey("learning_rate")
            ),
            floor: container.decodeIfPresent(Double.self, forKey: FieldKey("floor")),
            warmup: container.part(Warmup.self, at: "warmup")
        )
    }

    /// Writes the curve's fields beside the phase's; what is not set is left out.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldKey.self)
        try container.encodeIfPresent(length, forKey: FieldKey("length"))
        try curve.encode(into: &container)
        try container.encodeIfPresent(learningRate, forKey: FieldKey("learning_rate"))
        try container.encodeIfPresent(floor, forKey: FieldKey("floor"))
        try container.encodeIfPresent(warmup, forKey: FieldKey("warmup"))
    }
}
