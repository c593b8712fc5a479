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

    /// The updates between reports of the metric that moves the rate; `nil` where none does.
    private let reportInterval: Int?
    /// The optimizer's own momentum.
    private let momentum: Double
    private let resumeStep: Int
    /// The rate of every step: the schedule and what has changed it.
    private(set) var rates: RateFunction
    /// The first step that is not granted yet.
    private(set) var grantedThrough: Int
    /// The first step that was not reported yet.
    private(set) var reportedThrough: Int
    /// The count of finished updates at the last report of the metric that moves the rate.
    private var monitoredThrough: Int
    /// The updates per second of time spent in updates; `nil` before the first report.
    private(set) var stepsPerSecond: Double?
    /// The reported steps whose rates were not the granted ones.
    private(set) var mismatches: Int
    /// What the run has come to so far.
    private(set) var summary = TrainingSummary()
    /// The seconds that the rest will take at the present speed.
    private(set) var secondsLeft: Double?

    /// Takes up a run as it stands.
    ///
    /// - Parameters:
    ///   - rates: The rate of every step.
    ///   - momentum: The optimizer's own momentum.
    ///   - evaluationInterval: The updates between validations.
    ///   - resumeStep: The step from which the lease goes on.
    ///   - grantedThrough: The first step that is not granted yet.
    ///   - reportedThrough: The first step that was not reported yet.
    ///   - mismatches: The steps so far whose rates were not the granted ones.
    init(
        rates: RateFunction,
        momentum: Double,
        evaluationInterval: Int,
        resumeStep: Int,
        grantedThrough: Int,
        reportedThrough: Int,
        mismatches: Int = 0
    ) {
        self.rates = rates
        self.momentum = momentum
        self.resumeStep = resumeStep
        self.grantedThrough = grantedThrough
        self.reportedThrough = reportedThrough
        self.mismatches = mismatches
        reportInterval =
            rates.resolved.feedback.map { rule in
                rule.monitor == Monitor.trainLoss.rawValue
                    ? rates.resolved.run.stepsPerEpoch : evaluationInterval
            }
        monitoredThrough = max(resumeStep, rates.reports.last?.step ?? 0)
    }

    private var totalSteps: Int { rates.resolved.run.totalSteps }

    /// The series whose values move the rate.
    private var monitor: String? {
        let name = rates.resolved.feedback?.monitor
        return name == Monitor.trainLoss.rawValue ? Self.epochLoss : name
    }

    /// The series that holds each epoch's mean training loss.
    private static let epochLoss = "epoch_train_loss"

    /// Takes a report into account.
    ///
    /// - Parameter report: The next report of the lease.
    /// - Returns: The changes of the rate that its metrics brought about.
    mutating func receive(_ report: WorkerReport) -> [RateEvent] {
        let steps = report.fromStep..<report.toStep
        if report.appliedDigest != digest(of: steps) { mismatches += steps.count }
        reportedThrough = max(reportedThrough, report.toStep)
        let done = report.toStep - resumeStep
        if report.updateSeconds > 0, done > 0 {
            stepsPerSecond = Double(done) / report.updateSeconds
            secondsLeft = report.seconds / Double(done) * Double(totalSteps - report.toStep)
        }
        var events: [RateEvent] = []
        for series in report.series {
            note(series)
            guard series.name == monitor, let steps = series.steps else { continue }
            for (step, value) in zip(steps, series.values) where step > monitoredThrough {
                monitoredThrough = step
                if let event = rates.report(value, at: step) { events.append(event) }
            }
        }
        summary.seconds = report.seconds
        summary.stepsPerSecond = stepsPerSecond
        return events
    }

    private mutating func note(_ series: WorkerReport.Series) {
        guard let value = series.values.last else { return }
        switch series.name {
        case Self.epochLoss: summary.trainLoss = value
        case "validation_loss": summary.validationLoss = value
        case "validation_accuracy": summary.validationAccuracy = value
        default: break
        }
    }

    /// The next rates to grant; `nil` where nothing can be added now.
    mutating func nextGrant() -> Grant? {
        let ahead = stepsPerSecond.map { Int(min($0 * Self.reach, 1e9)) } ?? 0
        let limits = Self.reachLimits
        var end = reportedThrough + min(max(ahead, limits.lowerBound), limits.upperBound)
        if let reportInterval {
            end = min(end, (monitoredThrough / reportInterval + 1) * reportInterval)
        }
        end = min(end, totalSteps)
        guard end > grantedThrough else { return nil }
        defer { grantedThrough = end }
        return grant(of: grantedThrough..<end)
    }

    /// The rates of `steps`.
    func grant(of steps: Range<Int>) -> Grant {
        let movesMomentum = rates.momentum(at: steps.lowerBound) != nil
        return Grant(
            fromStep: steps.lowerBound,
            learningRates: steps.map { rates.rate(at: $0) },
            momenta: movesMomentum ? steps.map { rates.momentum(at: $0) ?? momentum } : nil
        )
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
