import TrainingAPI

/// A job while it runs, told in lines for a file or a log.
///
/// There is a line for each change of state, for each validation, and for each tenth of a run that has
/// none.
struct WatchLog {
    private var state: String?
    private var lastValidation = -1
    private var tenths = 0

    /// The step from which metrics are needed for the lines to come.
    var nextStep: Int { max(lastValidation, 0) }

    /// What is new since the last call.
    mutating func lines(_ job: JobBody, _ metrics: MetricsBody?) -> [String] {
        var lines: [String] = []
        let told = "\(job.state)\(job.stateReason.map { ": \($0)" } ?? "")"
        if told != state, !job.isFinal {
            state = told
            lines.append(job.host.map { "\(told) on \($0)" } ?? told)
        }
        let validations = metrics?["validation_loss"]?.steps.filter { $0 > lastValidation } ?? []
        for step in validations { lines.append(line(at: step, job, metrics)) }
        lastValidation = validations.last ?? lastValidation
        let reached = Int(JobText.fraction(job.progress) * 10)
        if reached > tenths, lastValidation < 0 {
            lines.append(line(at: job.progress.step, job, metrics))
        }
        tenths = max(tenths, reached)
        if let conclusion = JobText.conclusion(job) { lines.append(conclusion) }
        return lines
    }

    private func line(at step: Int, _ job: JobBody, _ metrics: MetricsBody?) -> String {
        let progress = job.progress
        let epoch = Double(step) / Double(max(progress.stepsPerEpoch, 1))
        let values = WatchView.series.compactMap { name -> String? in
            guard let series = metrics?[name],
                let index = series.steps.lastIndex(where: { $0 <= step })
            else { return nil }
            return "\(name) \(NumberText.value(series.values[index]))"
        }
        let place =
            "step \(NumberText.count(step))/\(NumberText.count(progress.totalSteps))  "
            + "epoch \(NumberText.epochs(epoch))/\(NumberText.epochs(progress.epochs))"
        return ([place] + values).joined(separator: "  ")
    }
}
