/// A rise to the peak before the curve begins: a phase of its own.
///
/// With x = (t+1)/(w+1) over w updates: rate(t) = from + (peak − from) · s(x). Update 0 is never wasted, and the
/// peak falls on t = w, the curve's own step 0.
///
/// Source: Goyal et al. 2017, "Accurate, Large Minibatch SGD", section 2.2.
public struct Warmup: Hashable, Sendable, Codable {
    /// The course of the rise, as a share s(x) of the way at progress x.
    public enum Shape: String, Hashable, Sendable, Codable, CaseIterable {
        /// s(x) = x.
        case linear
        /// s(x) = ½ (1 − cos πx).
        case cosine
        /// s(x) = 1 − √(1 − x).
        case oneMinusSquareRoot = "one_minus_sqrt"
    }

    /// How long the rise takes.
    public let length: Length
    /// What the rise starts from; at most the peak.
    public let from: Target
    /// The course of the rise.
    public let shape: Shape

    /// Makes a rise.
    ///
    /// - Parameters:
    ///   - length: How long the rise takes.
    ///   - from: What it starts from; at most the peak.
    ///   - shape: The course of the rise.
    /// - Throws: A `ScheduleError` that names `length` or `from`.
    public init(
        length: Length,
        from: Target = .value(0),
        shape: Shape = .linear
    ) throws(ScheduleError) {
        if let fault = length.fault() {
            throw .outOfRange("length", value: fault.value, requirement: fault.requirement)
        }
        if let fault = from.fault {
            throw .outOfRange("from", value: fault.value, requirement: fault.requirement)
        }
        self.length = length
        self.from = from
        self.shape = shape
    }

    private enum CodingKeys: String, CodingKey {
        case length, from, shape
    }

    /// Reads `length`, `from` (0) and `shape` (linear), with the checks of the initialiser.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            length: container.decode(Length.self, forKey: .length),
            from: container.decodeIfPresent(Target.self, forKey: .from) ?? .value(0),
            shape: container.decodeIfPresent(Shape.self, forKey: .shape) ?? .linear
        )
    }
}
