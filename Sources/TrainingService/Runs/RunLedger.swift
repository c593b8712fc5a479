internal import Crypto
internal import Foundation
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

    /// How a lease's run stands in the store.
    struct Standing: Sendable {
        /// The step from which the lease goes on.
        var resumeStep: Int
        /// The first step that is not granted yet.
        var grantedThrough: Int
        /// The first step that was not reported yet.
        var reportedThrough: Int
        /// The number of the newest report; 0 before the first.
        var sequence = 0
        /// The steps so far whose rates were not the granted ones.
        var mismatches = 0
        /// What the run has come to so far.
        var summary = TrainingSummary()
    }

    /// How far a metric that moves the rate was reported.
    private struct Watch {
        /// The updates between its reports.
        let interval: Int
        /// The count of finished updates at the last one.
        var through: Int
    }

    /// The metrics that move the rate in some part of the run, by the series that hold them.
    private var watches: [String: Watch] = [:]
    /// What of the run is a script's; `nil` for the engine's.
    let script: ScriptTerms?
    private let evaluationInterval: Int
    /// The updates of one epoch of the job, which its schedule's run may count otherwise.
    private let stepsPerEpoch: Int
    /// The optimizer's own momentum.
    private let momentum: Double
    private var resumeStep: Int
    /// The rate of every step: the schedule and what has changed it.
    var rates: RateFunction
    /// The first step that is not granted yet.
    var grantedThrough: Int
    /// The first step that was not reported yet.
    private(set) var reportedThrough: Int
    /// The number of the newest report.
    private(set) var sequence: Int
    /// The updates per second of time spent in updates; `nil` before the first report.
    private(set) var stepsPerSecond: Double?
    /// The reported steps whose rates were not the granted ones.
    private(set) var mismatches: Int
    /// What the run has come to so far.
    var summary: TrainingSummary
    /// The seconds that the rest will take at the present speed.
    private(set) var secondsLeft: Double?
    /// That the run goes on where other bits come out, until it was told.
    var numericsChange: NumericsChange?
    /// What was measured and not yet told.
    var news = MetricsNews()

    /// Takes up a run as it stands.
    ///
    /// - Parameters:
    ///   - rates: The rate of every step.
    ///   - momentum: The optimizer's own momentum.
    ///   - evaluationInterval: The updates between validations.
    ///   - stepsPerEpoch: The updates of one epoch; as the schedule's run has them by default.
    ///   - script: What of the run is a script's; `nil` for the engine's.
    ///   - standing: What the store holds of the run.
    init(
        rates: RateFunction,
        momentum: Double,
        evaluationInterval: Int,
        stepsPerEpoch: Int? = nil,
        script: ScriptTerms? = nil,
        standing: Standing
    ) {
        self.script = script
        self.rates = rates
        self.momentum = momentum
        resumeStep = standing.resumeStep
        grantedThrough = standing.grantedThrough
        reportedThrough = standing.reportedThrough
        sequence = standing.sequence
        mismatches = standing.mismatches
        summary = standing.summary
        self.evaluationInterval = evaluationInterval
        self.stepsPerEpoch = stepsPerEpoch ?? rates.resolved.run.stepsPerEpoch
        // Nothing is granted past a report of the monitor before that has come, so what was granted
        // tells which one was the last. The rates know only of those that counted.
        for monitor in rates.monitors where script == nil {
            let interval = interval(of: monitor)
            let passed = max(0, standing.grantedThrough - 1) / interval * interval
            watches[Self.series(of: monitor)] = Watch(
                interval: interval,
                through: max(standing.resumeStep, passed)
            )
        }
    }

    private var totalSteps: Int { rates.totalSteps }

    /// The series that holds a metric's values.
    private static func series(of monitor: String) -> String {
        monitor == Monitor.trainLoss.rawValue ? epochLoss : monitor
    }

    /// The updates between a metric's reports.
    private func interval(of monitor: String) -> Int {
        monitor == Monitor.trainLoss.rawValue ? stepsPerEpoch : evaluationInterval
    }

    /// The series that holds each epoch's mean training loss.
    private static let epochLoss = "epoch_train_loss"

    /// What is wrong with a report that should be the next one.
    ///
    /// - Parameter report: A report whose number is the next one.
    /// - Returns: The faults; none where the report can be received.
    func faults(in report: WorkerReport) -> [Fault] {
        if script != nil { return scriptFaults(in: report) }
        var faults: [Fault] = []
        func note(_ pointer: Pointer, _ detail: String) {
            faults.append(Fault(pointer: pointer.description, detail: detail, code: .conflict))
        }
        if report.fromStep != reportedThrough {
            note(
                .root.appending("from_step"),
                "must be \(reportedThrough), where the last report ended, not \(report.fromStep)"
            )
        }
        if report.toStep > grantedThrough {
            note(
                .root.appending("to_step"),
                "must be at most \(grantedThrough), through which rates were granted, not"
                    + " \(report.toStep)"
            )
        }
        var names: Set<String> = []
        for (index, series) in report.series.enumerated() {
            let place = Pointer.root.appending("series").appending(index)
            if !names.insert(series.name).inserted {
                note(place.appending("name"), "\"\(series.name)\" is there twice")
            }
            // The end belongs to them: a validation stands at the count of finished updates.
            let right = report.fromStep...max(report.fromStep, report.toStep)
            if let wrong = series.steps?.first(where: { !right.contains($0) }) {
                note(
                    place.appending("steps"),
                    "must be from from_step, \(report.fromStep), to to_step, \(report.toStep),"
                        + " not \(wrong)"
                )
            }
        }
        return faults
    }

    /// Takes a report into account.
    ///
    /// - Parameter report: The next report of the lease, without ``faults(in:)``.
    /// - Returns: The changes of the rate that its metrics brought about.
    mutating func receive(_ report: WorkerReport) -> [RateEvent] {
        let steps = report.fromStep..<report.toStep
        if isCompared(report), report.appliedDigest != digest(of: steps) {
            mismatches += steps.count
        }
        if begins(with: report) { resumeStep = report.fromStep }
        reportedThrough = report.toStep
        sequence = report.sequence
        let done = report.toStep - resumeStep
        if report.updateSeconds > 0, done > 0 {
            stepsPerSecond = Double(done) / report.updateSeconds
            // Wall time counts from step 0, through every run that led here.
            secondsLeft =
                report.seconds / Double(report.toStep) * Double(totalSteps - report.toStep)
        }
        var events = script == nil ? [] : receiveOfScript(report)
        for series in report.series where script == nil {
            note(series)
            guard let through = watches[series.name]?.through, let steps = series.steps else {
                continue
            }
            for (step, value) in zip(steps, series.values) where step > through {
                watches[series.name]?.through = step
                guard rates.monitor(at: step).map(Self.series) == series.name else { continue }
                if let event = rates.report(value, at: step) { events.append(event) }
            }
        }
        summary.seconds = report.seconds
        summary.stepsPerSecond = stepsPerSecond
        news.note(report, secondsLeft: secondsLeft)
        return events
    }

    /// What reports of metrics have done to the rate up to `step`; `nil` where they did nothing.
    func feedback(at step: Int) throws -> [UInt8]? {
        try ReportLog(rates.reports.filter { $0.step <= step }).payload()
    }

    /// Takes an edit of the rates that are not granted yet.
    ///
    /// - Parameter edit: An edit from ``grantedThrough`` on.
    /// - Returns: What it changes.
    /// - Throws: A `ScheduleError`; the ledger is then as before.
    mutating func apply(_ edit: ScheduleEdit) throws(ScheduleError) -> RateEvent {
        let event = try rates.edit(edit)
        for monitor in rates.monitors
        where script == nil && watches[Self.series(of: monitor)] == nil {
            // Its reports count from the edit on, and nothing that is granted reaches past that.
            let interval = interval(of: monitor)
            watches[Self.series(of: monitor)] = Watch(
                interval: interval,
                through: grantedThrough / interval * interval
            )
        }
        return event
    }

    private mutating func note(_ series: WorkerReport.Series) {
        guard let value = series.values.last else { return }
        switch series.name {
        case Self.epochLoss: summary.trainLoss = value
        case "validation_loss": summary.validationLoss = value
        case "validation_accuracy": summary.validationAccuracy = value
        case "skipped_steps": summary.skippedSteps = Int(value)
        case "rollbacks": summary.rollbacks = Int(value)
        default: break
        }
    }

    /// The next rates to grant; `nil` where nothing can be added now.
    ///
    /// Of what is left of the run no more than half is granted, as far as the fewest steps allow: a job
    /// that takes a few seconds can then be edited too, and asks a few times more towards its end.
    mutating func nextGrant() -> Grant? {
        if script?.hasRates == false { return nil }
        let ahead = stepsPerSecond.map { Int(min($0 * Self.reach, 1e9)) } ?? 0
        let limits = Self.reachLimits
        let most = min(limits.upperBound, (totalSteps - reportedThrough) / 2)
        var end = reportedThrough + max(min(ahead, most), limits.lowerBound)
        for watch in watches.values {
            end = min(end, (watch.through / watch.interval + 1) * watch.interval)
        }
        end = min(end, totalSteps)
        guard end > grantedThrough else { return nil }
        defer { grantedThrough = end }
        return grant(of: grantedThrough..<end)
    }

    /// The rates of `steps`.
    func grant(of steps: Range<Int>) -> Grant {
        let momenta = steps.map { rates.momentum(at: $0) }
        return Grant(
            fromStep: steps.lowerBound,
            learningRates: steps.map { rates.rate(at: $0) },
            momenta: momenta.allSatisfy { $0 == nil } ? nil : momenta.map { $0 ?? momentum }
        )
    }

    /// The rates of every step that is granted and not reported, for a worker whose answer was lost.
    var outstandingGrant: Grant? {
        let steps = reportedThrough..<max(reportedThrough, grantedThrough)
        return steps.isEmpty ? nil : grant(of: steps)
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
