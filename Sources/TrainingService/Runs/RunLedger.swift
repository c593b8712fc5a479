internal import Crypto
internal import Schedules
internal import TrainingAPI

/// What the service knows of one lease's run: the rates that it granted and the steps that came back.
///
/// A pure value: reports come in, grants and reductions come out. The caller stores the events in the
/// same transaction as the report and keeps the changed ledger only once that is done.
struct RunLedger: Sendable {
    /// How far ahead of the last report rates are granted, in seconds of training.
    static let reach = 2.0
    /// The fewest and the most steps that are granted ahead.
    static let reachLimits = 256...65_536

    /// The run's fixed numbers.
    let plan: JobPlan
    /// The optimizer's own momentum.
    let momentum: Double
    /// The rate of every step: the schedule and what has changed it.
    private(set) var rates: RateFunction
    /// The first step that is not granted yet.
    private(set) var grantedThrough: Int
    /// The first step that was not reported yet.
    private(set) var reportedThrough: Int
    /// The finished updates at the last validation that was reported.
    private(set) var validatedThrough: Int
    /// The updates per second of time spent in updates; `nil` before the first report.
    private(set) var stepsPerSecond: Double?
    /// The reported steps whose rates were not the granted ones.
    private(set) var mismatches: Int
    /// The newest value of each metric.
    private(set) var latest: [String: Double] = [:]
    private let resumeStep: Int
    private let monitor: String?

    /// Begins a run at `resumeStep`.
    init(
        plan: JobPlan, momentum: Double, monitor: String?, rates: RateFunction, resumeStep: Int,
        grantedThrough: Int? = nil, mismatches: Int = 0
    ) {
        self.plan = plan
        self.momentum = momentum
        self.monitor = monitor
        self.rates = rates
        self.resumeStep = resumeStep
        self.grantedThrough = grantedThrough ?? resumeStep
        self.mismatches = mismatches
        reportedThrough = resumeStep
        validatedThrough = resumeStep
    }

    /// Takes a report into account.
    ///
    /// - Parameter report: The next report of the lease.
    /// - Returns: The reductions of the rate that its metrics brought about.
    mutating func receive(_ report: WorkerReport) -> [Reduction] {
        let steps = report.fromStep..<report.toStep
        if report.appliedDigest != digest(of: steps) { mismatches += steps.count }
        reportedThrough = max(reportedThrough, report.toStep)
        if report.updateSeconds > 0, report.toStep > resumeStep {
            stepsPerSecond = Double(report.toStep - resumeStep) / report.updateSeconds
        }
        var reductions: [Reduction] = []
        for series in report.series {
            if let value = series.values.last { latest[series.name] = value }
            guard series.name == monitor, let steps = series.steps else { continue }
            for (step, value) in zip(steps, series.values) where step > validatedThrough {
                validatedThrough = step
                if let reduction = rates.report(value, at: step) { reductions.append(reduction) }
            }
        }
        return reductions
    }

    /// The next rates to grant; `nil` where nothing can be added now.
    mutating func nextGrant() -> Grant? {
        let ahead = stepsPerSecond.map { Int(min($0 * Self.reach, 1e9)) } ?? 0
        let limits = Self.reachLimits
        var end = reportedThrough + min(max(ahead, limits.lowerBound), limits.upperBound)
        if monitor != nil { end = min(end, nextReport) }
        end = min(end, plan.totalSteps)
        guard end > grantedThrough else { return nil }
        defer { grantedThrough = end }
        return grant(of: grantedThrough..<end)
    }

    /// The rates of `steps`.
    func grant(of steps: Range<Int>) -> Grant {
        let movesMomentum = rates.momentum(at: steps.lowerBound) != nil
        return Grant(
            fromStep: steps.lowerBound, learningRates: steps.map { rates.rate(at: $0) },
            momenta: movesMomentum ? steps.map { rates.momentum(at: $0) ?? momentum } : nil)
    }

    /// The count of finished updates at which the monitored metric is next reported.
    private var nextReport: Int {
        let interval =
            monitor == Monitor.trainLoss.rawValue ? plan.stepsPerEpoch : plan.evaluationInterval
        return (validatedThrough / interval + 1) * interval
    }

    /// SHA-256, in hexadecimal, over each granted rate and momentum as big-endian doubles.
    func digest(of steps: Range<Int>) -> String {
        var hash = SHA256()
        for step in steps {
            let pair = (
                rates.rate(at: step).bitPattern.bigEndian,
                (rates.momentum(at: step) ?? momentum).bitPattern.bigEndian
            )
            withUnsafeBytes(of: pair) { hash.update(bufferPointer: $0) }
        }
        return Digest.hexadecimal(hash.finalize())
    }
}
