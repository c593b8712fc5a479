/// The learning rate of a whole run: a curve with its peak, a floor and a warm-up.
///
/// A value with units; `resolve(for:)` turns it into the flat form that alone is evaluated.
public struct Schedule: Hashable, Sendable {
    /// The course after the warm-up.
    public let curve: Curve
    /// The peak; finite and above 0.
    public let learningRate: Double
    /// A rate below which the curve does not go, at most the peak; it lifts no warm-up, of a phase neither.
    public let floor: Double?
    /// The rise before the curve.
    public let warmup: Warmup?

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - curve: The course after the warm-up.
    ///   - learningRate: The peak; finite and above 0.
    ///   - floor: A rate below which the curve does not go; at least 0 and at most the peak.
    ///   - warmup: The rise before the curve.
    /// - Throws: A `ScheduleError` that names `learning_rate`, `floor` or `warmup.from`.
    public init(
        curve: Curve,
        learningRate: Double,
        floor: Double? = nil,
        warmup: Warmup? = nil
    ) throws(ScheduleError) {
        self.curve = curve
        self.learningRate = learningRate
        self.floor = floor
        self.warmup = warmup
        guard Bounds.positive.contains(learningRate) else {
            throw .outOfRange(
                "learning_rate",
                value: "\(learningRate)",
                requirement: Bounds.positive.description
            )
        }
        if let fault = Self.faults(floor: floor, warmup: warmup, peak: learningRate).first {
            throw fault
        }
        if let fault = curve.faults(peak: learningRate, floor: floor).first { throw fault }
    }

    /// The schedule of a job that names none: a cosine to 0 after a linear warm-up over 5 % of the run.
    ///
    /// - Parameter learningRate: The peak; finite and above 0.
    /// - Returns: The schedule.
    /// - Throws: A `ScheduleError` that names `learning_rate`.
    public static func standard(learningRate: Double) throws(ScheduleError) -> Schedule {
        try Schedule(
            curve: .cosine(),
            learningRate: learningRate,
            warmup: Warmup(length: .fraction(0.05))
        )
    }

    /// The flat form of the schedule for a run.
    ///
    /// - Parameter run: The extent of the run; every length becomes whole steps of it.
    /// - Returns: A value that gives the rate of any step.
    /// - Throws: A `ScheduleError` where the run cannot hold the schedule: a warm-up longer than the run,
    ///   phases that do not fit, milestones that fall together, a rate that grows past every number.
    public func resolve(for run: Run) throws(ScheduleError) -> ResolvedSchedule {
        let scope = Scope(run: run, origin: 0, length: run.totalSteps, peak: learningRate)
        let lanes = try scope.resolve(curve, floor: floor, warmup: warmup)
        if let step = lanes.endlessStep(in: run) {
            throw .conflict(
                "learning_rate",
                detail: "the rate that begins at \(learningRate.plain) grows past every number by "
                    + "step \(step) of \(run.totalSteps)"
            )
        }
        return ResolvedSchedule(run: run, lanes: lanes)
    }

    /// What is wrong with a floor and a warm-up under a peak.
    static func faults(floor: Double?, warmup: Warmup?, peak: Double) -> [ScheduleError] {
        var faults: [ScheduleError] = []
        if let floor, !Bounds.from(0).contains(floor) {
            faults.append(
                .outOfRange("floor", value: "\(floor)", requirement: Bounds.from(0).description)
            )
        } else if let floor, floor > peak {
            faults.append(
                .conflict(
                    "floor",
                    detail: "\(floor.plain) is above the learning_rate, \(peak.plain)"
                )
            )
        }
        if let from = warmup?.from.rate(peak: peak), from > peak {
            faults.append(
                .conflict(
                    FieldPath([.key("warmup"), .key("from")]),
                    detail: "\(from.plain) is above the learning_rate, \(peak.plain)"
                )
            )
        }
        return faults
    }
}
