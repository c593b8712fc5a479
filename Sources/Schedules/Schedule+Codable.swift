extension Schedule: Codable {
    /// The fields that stand beside the curve's own.
    private static let fields = ["type", "learning_rate", "floor", "warmup"]

    /// Reads `type` with its parameters, `learning_rate`, `floor` and `warmup`; other fields are refused.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError` from the checks.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldKey.self)
        try self.init(
            curve: Curve(in: container, besides: Self.fields),
            learningRate: container.decode(Double.self, forKey: FieldKey("learning_rate")),
            floor: container.decodeIfPresent(Double.self, forKey: FieldKey("floor")),
            warmup: container.part(Warmup.self, at: "warmup")
        )
    }

    /// Writes the curve's fields beside the schedule's; what is not set is left out.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldKey.self)
        try curve.encode(into: &container)
        try container.encode(learningRate, forKey: FieldKey("learning_rate"))
        try container.encodeIfPresent(floor, forKey: FieldKey("floor"))
        try container.encodeIfPresent(warmup, forKey: FieldKey("warmup"))
    }
}
