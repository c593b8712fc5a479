import Schedules
import TrainingAPI

/// The course of a schedule, drawn for a terminal.
struct PreviewView {
    /// What the schedule is called.
    let title: String
    /// The rates and what changes them on the way.
    let schedule: ScheduleBody
    /// Whether equal heights stand for equal ratios.
    var isLogarithmic = false

    /// The view's lines.
    func lines(_ terminal: Terminal) -> [String] {
        let width = min(terminal.columns, 100)
        let height = max(4, min(terminal.rows - 8, 12))
        var plot = plot(schedule.learningRates)
        plot.isLogarithmic = isLogarithmic
        var lines = [heading(terminal.ink), ""] + plot.lines(width: width, height: height)
        if let momenta = schedule.momenta {
            lines += ["", terminal.ink.paint("momentum", .strong)]
            lines += self.plot(momenta).lines(width: width, height: max(3, height / 2))
        }
        if !schedule.events.isEmpty { lines.append("") }
        return lines + schedule.events.map(\.reason)
    }

    /// The steps of the values.
    private var steps: [Int] {
        schedule.steps ?? Array(schedule.fromStep..<schedule.totalSteps)
    }

    private func plot(_ values: [Double]) -> Plot {
        var plot = Plot(
            points: zip(steps, values).map { Plot.Point(step: $0, value: $1) },
            steps: schedule.fromStep...max(schedule.totalSteps - 1, schedule.fromStep)
        )
        plot.isStaircase = true
        return plot
    }

    private func heading(_ ink: Ink) -> String {
        let rates = schedule.learningRates
        let count = schedule.totalSteps
        var facts = [count == 1 ? "1 step" : "\(NumberText.count(count)) steps"]
        if let first = rates.first, let last = rates.last, let peak = rates.max(),
            let index = rates.firstIndex(of: peak)
        {
            facts.append("first \(NumberText.value(first))")
            facts.append("peak \(NumberText.value(peak)) at step \(NumberText.count(steps[index]))")
            facts.append("last \(NumberText.value(last))")
        }
        // The mean of chosen steps is not the run's.
        if schedule.steps == nil {
            facts.append("mean \(NumberText.value(rates.reduce(0, +) / Double(rates.count)))")
        }
        return ink.paint(title, .strong) + "  " + facts.joined(separator: ", ")
    }
}
