import TrainingAPI

/// A job while it runs, drawn for a terminal.
struct WatchView {
    /// The curves that the view shows.
    static let series = ["train_loss", "learning_rate", "validation_loss", "validation_accuracy"]

    let job: JobBody
    let metrics: MetricsBody?
    /// What stands in the way at this moment, as a sentence.
    var trouble: String?

    /// How many lines the view takes beside its curves, at most.
    private static let otherLines = 7
    /// How many lines a plot takes beside the rows of its curve.
    private static let plotFrame = 4
    /// The least width in which a curve can be seen.
    private static let plotWidth = 30

    /// The view's lines, none wider than the terminal and all of them fewer than its rows.
    func lines(_ terminal: Terminal) -> [String] {
        let width = terminal.columns
        let ink = terminal.ink
        var lines = [heading(width: width, ink), progress(width: width, ink)]
        lines += curves(terminal)
        if let validation { lines += ["", validation.fitted(to: width)] }
        if let trouble { lines.append(ink.paint(trouble.fitted(to: width), .doubtful)) }
        if let conclusion = JobText.conclusion(job) {
            let paint = JobText.paint(ofState: job.state)
            lines.append(ink.paint(conclusion.fitted(to: width), paint))
        }
        return lines
    }

    /// Loss and learning rate: two plots, one, or their last values alone, as there is room.
    private func curves(_ terminal: Terminal) -> [String] {
        let room = terminal.columns < Self.plotWidth ? 0 : terminal.rows - Self.otherLines
        let names = ["train_loss", "learning_rate"]
        for count in [2, 1] {
            let height = min(room / count - Self.plotFrame, 8)
            guard height >= 2 else { continue }
            guard count == 1 else {
                return names.flatMap { plot([$0], height: height, terminal) }
            }
            return plot(names, height: height, terminal)
        }
        let values = lastValues(of: names)
        return values.isEmpty ? [] : [values.fitted(to: terminal.columns)]
    }

    private func lastValues(of names: [String]) -> String {
        names.compactMap { name in
            metrics?[name]?.values.last.map { "\(name) \(NumberText.value($0))" }
        }.joined(separator: "  ")
    }

    private func heading(width: Int, _ ink: Ink) -> String {
        let id = job.name == nil ? "" : "  \(job.id)"
        let attempt = job.attempt > 1 ? "  attempt \(job.attempt)" : ""
        let host = job.host.map { "  on \($0)" } ?? ""
        let reason = job.isFinal ? "" : job.stateReason.map { "  \($0)" } ?? ""
        let rest = "\(id)\(attempt)\(host)\(reason)"
        let title = JobText.title(job).fitted(to: max(width - job.state.count - 2, 1))
        let room = width - title.count - job.state.count - 2
        return ink.paint(title, .strong) + "  "
            + ink.paint(job.state, JobText.paint(ofState: job.state))
            + ink.paint(rest.fitted(to: max(room, 0)), .faint)
    }

    private func progress(width: Int, _ ink: Ink) -> String {
        let progress = job.progress
        let fraction = JobText.fraction(progress)
        let before =
            "epoch \(NumberText.epochs(progress.epoch))/\(NumberText.epochs(progress.epochs)) "
        var after = [
            NumberText.percentage(fraction),
            "step \(NumberText.count(progress.step))/\(NumberText.count(progress.totalSteps))",
        ]
        if let speed = job.summary?.stepsPerSecond {
            after.append("\(NumberText.count(Int(speed.rounded())))/s")
        }
        if let seconds = progress.secondsLeft, !job.isFinal {
            after.append("\(NumberText.duration(seconds: seconds)) left")
        }
        let text = " \(after.joined(separator: "  "))"
        let room = width - before.count - text.count
        guard room >= 8 else { return (before + text).fitted(to: width) }
        let bar = ProgressBar.text(fraction, width: min(room, 60))
        return before + ink.paint(bar, .accent) + text
    }

    /// The curve of the first of `names` under the last values of them all.
    private func plot(_ names: [String], height: Int, _ terminal: Terminal) -> [String] {
        guard let name = names.first, let series = metrics?[name], !series.steps.isEmpty else {
            return []
        }
        var plot = Plot(
            points: zip(series.steps, series.values).map { Plot.Point(step: $0, value: $1) },
            steps: 0...max(shownSteps - 1, 1)
        )
        plot.isStaircase = name == "learning_rate"
        let title = lastValues(of: names).fitted(to: terminal.columns)
        return ["", terminal.ink.paint(title, .strong)]
            + plot.lines(width: min(terminal.columns, 100), height: height)
    }

    /// How many steps the width stands for: the whole run from its half on, before that its half,
    /// quarter or less, so that what there is fills at least half of the width.
    private var shownSteps: Int {
        var steps = job.progress.totalSteps
        while steps / 2 > max(job.progress.step, 50) { steps /= 2 }
        return steps
    }

    private var validation: String? {
        guard let losses = metrics?["validation_loss"], let last = losses.values.last else {
            return nil
        }
        var text = "validation loss \(NumberText.value(last))"
        let finite = zip(losses.steps, losses.values).filter { $0.1.isFinite }
        if let best = finite.min(by: { $0.1 < $1.1 }) {
            text += ", best \(NumberText.value(best.1)) at step \(NumberText.count(best.0))"
        }
        if let accuracy = metrics?["validation_accuracy"]?.values.last {
            text += ", accuracy \(NumberText.value(accuracy))"
        }
        return text
    }
}
