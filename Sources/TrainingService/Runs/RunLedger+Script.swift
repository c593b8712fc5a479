internal import Schedules
internal import TrainingAPI

/// What of a run is a script's.
struct ScriptTerms: Hashable, Sendable {
    /// Whether it is granted rates: a command without a schedule is not.
    let hasRates: Bool
}

/// Runs of users' own scripts: they may have been without the server, name metrics as they like, and
/// measure whenever they like.
extension RunLedger {
    /// The metric that a name means: its own word for those that the engine measures too.
    private static func meaning(of name: String) -> String {
        Monitor(word: name)?.rawValue ?? name
    }

    /// The names under which a metric may be reported that moves the rate.
    var monitorNames: [String] { rates.monitors.flatMap(Monitor.names).sorted() }

    /// What is wrong with a script's report that should be the next one.
    func scriptFaults(in report: WorkerReport) -> [Fault] {
        var faults: [Fault] = []
        func note(_ pointer: Pointer, _ detail: String) {
            faults.append(Fault(pointer: pointer.description, detail: detail, code: .conflict))
        }
        if report.fromStep != reportedThrough, !begins(with: report) {
            note(
                .root.appending("from_step"),
                "must be \(reportedThrough), where the last report ended, not \(report.fromStep)"
            )
        }
        if report.toStep > grantedThrough, isCompared(report) {
            note(
                .root.appending("to_step"),
                "must be at most \(grantedThrough), through which rates were granted, not"
                    + " \(report.toStep); steps at the plan's rates must say \"planned\": true"
            )
        }
        var names: Set<String> = []
        for (index, series) in report.series.enumerated()
        where !names.insert(series.name).inserted {
            let place = Pointer.root.appending("series").appending(index)
            note(place.appending("name"), "\"\(series.name)\" is there twice")
        }
        return faults
    }

    /// Whether a run begins with a state of the script's own, which is not that of its lease.
    ///
    /// It cannot be one from before a metric that has moved the rate.
    func begins(with report: WorkerReport) -> Bool {
        script != nil && sequence == 0 && report.sequence == 1
            && report.fromStep != reportedThrough
            && !rates.reports.contains { $0.step > report.fromStep }
    }

    /// Whether a report's rates must be those that were granted: a script that was without its server
    /// used the plan's, and one that has attached no optimizer used none.
    func isCompared(_ report: WorkerReport) -> Bool {
        guard let script else { return true }
        return script.hasRates && !report.isPlanned
            && report.series.contains { $0.name == "learning_rate" }
    }

    /// Takes a script's metrics into account.
    ///
    /// What a metric changes holds from the first update that has no rate yet: the very next one where
    /// the script waits for the answer, else the first past the grant.
    ///
    /// - Parameter report: A report that was just counted.
    /// - Returns: The changes of the rate.
    mutating func receiveOfScript(_ report: WorkerReport) -> [RateEvent] {
        grantedThrough = report.holds ? report.toStep : max(grantedThrough, report.toStep)
        var events: [RateEvent] = []
        for series in report.series {
            noteOfScript(series)
            let meaning = Self.meaning(of: series.name)
            guard script?.hasRates == true,
                rates.monitors.contains(where: { Self.meaning(of: $0) == meaning })
            else { continue }
            for value in series.values {
                let step = max(grantedThrough, (rates.reports.last?.step ?? -1) + 1)
                guard rates.monitor(at: step).map(Self.meaning) == meaning else { continue }
                if let event = rates.report(value, at: step) { events.append(event) }
            }
        }
        noteBest(in: report)
        return events
    }

    private mutating func noteOfScript(_ series: WorkerReport.Series) {
        guard let value = series.values.last else { return }
        switch Self.meaning(of: series.name) {
        case "loss", "train_loss": summary.trainLoss = value
        case "validation_loss": summary.validationLoss = value
        case "validation_accuracy": summary.validationAccuracy = value
        case "test_loss": summary.testLoss = value
        case "test_accuracy", "test_acc": summary.testAccuracy = value
        case "skipped_steps" where value >= 0 && value < 1e15: summary.skippedSteps = Int(value)
        default: break
        }
    }

    private mutating func noteBest(in report: WorkerReport) {
        let named = { (word: String) in
            report.series.first { Self.meaning(of: $0.name) == word }
        }
        guard let losses = named("validation_loss"), let steps = losses.steps else { return }
        let accuracies = named("validation_accuracy")
        for (step, loss) in zip(steps, losses.values) where loss.isFinite {
            if let best = summary.best, best.validationLoss <= loss { continue }
            let place = accuracies?.steps?.firstIndex(of: step)
            summary.best = TrainingSummary.Best(
                step: step,
                validationLoss: loss,
                validationAccuracy: place.flatMap { accuracies?.values[$0] }
            )
        }
    }
}
