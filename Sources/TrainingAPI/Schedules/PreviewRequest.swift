public import Schedules

/// A wish to see a schedule's rates before anything runs: the body of `POST /v1/schedules/preview`.
public struct PreviewRequest: Hashable, Sendable {
    /// The most steps that are shown one by one.
    public static let stepLimit = 1_000_000

    /// The schedule.
    public var schedule: Schedule
    /// The extent of the run.
    public var run: Run
    /// The reports of the monitored metric, one at the end of each epoch.
    public var metrics: [Double]
    /// The most points of the answer; `nil` for one per step.
    public var pointLimit: Int?

    /// Makes a request.
    public init(schedule: Schedule, run: Run, metrics: [Double] = [], pointLimit: Int? = nil) {
        self.schedule = schedule
        self.run = run
        self.metrics = metrics
        self.pointLimit = pointLimit
    }

    private static let stepsField = Field(
        "steps",
        .integer(1...1_000_000_000),
        "The updates of the run."
    )
    private static let perEpochField = Field(
        "steps_per_epoch",
        .integer(1...1_000_000_000),
        default: 1,
        "The updates of one epoch."
    )
    private static let metricsField = Field(
        "metrics",
        .list(of: .report, count: 0...1_000_000),
        "The reports of the monitored metric, one at the end of each epoch."
    )
    private static let pointsField = Field(
        "max_points",
        .integer(2...100_000),
        "The most points of the answer."
    )

    /// Reads a request, or reports what is wrong with it.
    public init?(
        _ document: Document,
        at pointer: Pointer = .root,
        _ context: inout DecodingContext
    ) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let place = pointer.appending("schedule")
        let given = object.document("schedule")
        if given == nil { object.reportMissing("schedule", expecting: "an object", &context) }
        let schedule = given.flatMap {
            Schedule($0, at: place, standardPeak: nil, &context)
        }
        let steps = object.require(Self.stepsField, &context)
        let perEpoch = object.read(Self.perEpochField, &context)
        let metrics = object.has("metrics") ? object.read(Self.metricsField, &context) : []
        let points = object.read(Self.pointsField, &context)
        object.finish(&context)
        guard let schedule, let steps, let perEpoch, let metrics, context.isValid else {
            return nil
        }
        guard points != nil || steps <= Self.stepLimit else {
            context.report(
                pointer.appending("max_points"),
                .missing,
                "\(grouped(steps)) steps are more than the \(grouped(Self.stepLimit)) that are shown"
                    + " one by one; give max_points"
            )
            return nil
        }
        do throws(ScheduleError) {
            let run = try Run(totalSteps: steps, stepsPerEpoch: perEpoch)
            self.init(schedule: schedule, run: run, metrics: metrics, pointLimit: points)
        } catch {
            context.report(error, at: pointer)
            return nil
        }
    }

    /// The rates of the run, or a report of why it cannot hold the schedule.
    public func preview(
        at pointer: Pointer = .root,
        _ context: inout DecodingContext
    ) -> ScheduleBody? {
        do throws(ScheduleError) {
            var rates = try RateFunction(schedule, run: run)
            for (index, metric) in metrics.enumerated() {
                rates.report(metric, at: (index + 1) * run.stepsPerEpoch)
            }
            return ScheduleBody(rates, steps: 0..<run.totalSteps, pointLimit: pointLimit)
        } catch {
            context.report(error, at: pointer.appending("schedule"))
            return nil
        }
    }
}

extension ValueRule<Double> {
    /// A report of a metric: a number, or the name of one that is not finite.
    static let report = ValueRule(
        "a number, \"NaN\", \"Infinity\" or \"-Infinity\"",
        type: "number"
    ) { document in
        switch document.string {
        case "NaN": (Double.nan, .type)
        case "Infinity": (Double.infinity, .type)
        case "-Infinity": (-Double.infinity, .type)
        default: (document.double, .type)
        }
    }
}
