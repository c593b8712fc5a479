public import Schedules

/// Rates of some steps of a run and what changed them: the body of a preview and of a job's schedule.
public struct ScheduleBody: Hashable, Sendable {
    /// Grows with each event.
    public var version: Int
    /// The updates of the whole run.
    public var totalSteps: Int
    /// The first step asked for.
    public var fromStep: Int
    /// The steps of the values; `nil` where they are every step from `fromStep`.
    public var steps: [Int]?
    /// The rate of each step.
    public var learningRates: [Double]
    /// The momentum of each step, where the schedule moves it.
    public var momenta: [Double]?
    /// What changed the rates besides the schedule, in order.
    public var events: [RateEvent]

    /// Evaluates `rates` at `steps`, thinned to at most `pointLimit` points.
    ///
    /// - Parameters:
    ///   - rates: The rates of the whole run.
    ///   - steps: The steps to show, within the run.
    ///   - pointLimit: The most points, at least 2; `nil` for one per step.
    ///   - version: The version; one more than there are events by default.
    public init(
        _ rates: RateFunction,
        steps: Range<Int>,
        pointLimit: Int? = nil,
        version: Int? = nil
    ) {
        self.version = version ?? rates.events.count + 1
        totalSteps = rates.totalSteps
        fromStep = steps.lowerBound
        events = rates.events
        let shown = Self.places(in: steps, limit: pointLimit, boundaries: rates.boundaries)
        self.steps = shown
        let places = shown ?? Array(steps)
        learningRates = places.map { rates.rate(at: $0) }
        momenta =
            rates.movesMomentum
            ? places.map { rates.momentum(at: $0) ?? .nan } : nil
    }

    /// The places that show the curve's shape in `limit` points: evenly spread, with the steps on both
    /// sides of each boundary as far as there is room.
    private static func places(in steps: Range<Int>, limit: Int?, boundaries: [Int]) -> [Int]? {
        guard let limit, steps.count > limit else { return nil }
        let edges = boundaries.filter { steps.contains($0) }.flatMap { [$0 - 1, $0] }
            .filter { steps.contains($0) }
        var places = Set(edges.count <= limit / 2 ? edges : [])
        let spread = max(2, limit - places.count)
        for index in 0..<spread {
            places.insert(steps.lowerBound + index * (steps.count - 1) / (spread - 1))
        }
        return places.sorted()
    }
}

extension ScheduleBody: JSONWritable {
    /// Writes the rates.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("version", version)
            writer.field("total_steps", totalSteps)
            writer.field("from_step", fromStep)
            if let steps { writer.field("steps", steps) }
            writer.field("learning_rates", learningRates)
            if let momenta { writer.field("momenta", momenta) }
            writer.name("events")
            writer.array { writer in
                for event in events { event.write(to: &writer) }
            }
        }
    }
}

extension ScheduleBody {
    /// Reads the body of a job's schedule.
    public init?(_ document: Document) {
        guard let version = document["version"]?.integer,
            let total = document["total_steps"]?.integer,
            let from = document["from_step"]?.integer,
            let rates = document["learning_rates"]?.array?.map(\.double)
        else { return nil }
        self.version = version
        totalSteps = total
        fromStep = from
        steps = document["steps"]?.array?.compactMap(\.integer)
        learningRates = rates.compactMap { $0 }
        momenta = document["momenta"]?.array?.map { $0.double ?? .nan }
        events = document["events"]?.array?.compactMap { RateEvent($0) } ?? []
        guard learningRates.count == rates.count, steps?.count ?? rates.count == rates.count else {
            return nil
        }
    }
}

extension RateEvent {
    fileprivate init?(_ document: Document) {
        guard let step = document["step"]?.integer,
            let kind = document["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let before = document["before"]?.double, let after = document["after"]?.double,
            let reason = document["reason"]?.string
        else { return nil }
        self.init(step: step, kind: kind, before: before, after: after, reason: reason)
    }
}

extension RateEvent: JSONWritable {
    /// Writes the event.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("step", step)
            writer.field("kind", kind.rawValue)
            writer.field("before", before)
            writer.field("after", after)
            writer.field("reason", reason)
        }
    }
}
