public import Schedules

/// A branch of a job whose rate falls to zero: the body of `POST /v1/jobs/{id}/cooldown`.
public struct CooldownRequest: Hashable, Sendable {
    /// How the rate falls.
    public enum Shape: String, Hashable, Sendable, CaseIterable {
        /// 1 − √x: the fastest fall at once.
        case oneMinusSquareRoot = "one_minus_sqrt"
        /// 1 − x.
        case linear
        /// ½ (1 + cos πx).
        case cosine

        var cooldown: CooldownShape {
            switch self {
            case .oneMinusSquareRoot: .oneMinusSquareRoot
            case .linear: .linear
            case .cosine: .cosine
            }
        }
    }

    /// The finished updates of the checkpoint; `nil` for the newest one.
    public var fromStep: Int?
    /// How long the fall is; a fraction is of the branch's whole run, the part before the fall counted.
    public var over: Length
    /// How the rate falls.
    public var shape: Shape

    private static let overField = Field(
        "over",
        .length,
        default: Length.fraction(0.1),
        "How long the fall is; a fraction is of the branch's whole run."
    )
    private static let shapeField = Field(
        "shape",
        ValueRule<Shape>.choice,
        default: .oneMinusSquareRoot,
        "How the rate falls."
    )

    /// Reads a body, or reports what is wrong with it.
    public init?(_ document: Document, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: .root, &context) else { return nil }
        let known = context.faults.count
        fromStep = object.read(ForkRequest.fromField, &context)
        let over = object.read(Self.overField, &context)
        let shape = object.read(Self.shapeField, &context)
        object.finish(&context)
        if over == .fraction(1) {
            context.report(
                .root.appending("over"),
                .range,
                "must be less than the whole run, which a part before the fall belongs to"
            )
        }
        guard let over, let shape, context.faults.count == known else { return nil }
        self.over = over
        self.shape = shape
    }

    /// The updates of the branch's whole run.
    ///
    /// - Parameters:
    ///   - step: The finished updates at its beginning.
    ///   - stepsPerEpoch: The updates of an epoch.
    /// - Returns: The updates, more than `step`.
    public func totalSteps(from step: Int, stepsPerEpoch: Int) -> Int {
        let fall: Double =
            switch over {
            case .steps(let count): Double(count)
            case .epochs(let count): count * Double(stepsPerEpoch)
            case .fraction(let share): Double(step) * share / (1 - share)
            }
        return step + Int(max(1, min(fall.rounded(), Double(JobSpecification.stepLimit))))
    }

    /// The schedule of the fall.
    ///
    /// - Parameter rate: The rate from which it falls, above 0.
    /// - Returns: The schedule, whose own run is the fall.
    /// - Throws: A `ScheduleError` where the rate is none.
    public func schedule(from rate: Double) throws(ScheduleError) -> RunSchedule {
        .native(
            try Schedule(
                curve: .warmupStableDecay(cooldown: .fraction(1), shape: shape.cooldown),
                learningRate: rate
            )
        )
    }
}

extension CooldownRequest.Shape: JSONWritable {
    /// Writes the word.
    public func write(to writer: inout JSONWriter) { writer.string(rawValue) }
}
