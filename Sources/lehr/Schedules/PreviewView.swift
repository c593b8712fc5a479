import Schedules
import TrainingAPI

/// The course of schedules, drawn for a terminal.
struct PreviewView {
    let curves: [PreviewCurve]
    /// Whether equal heights stand for equal ratios.
    var isLogarithmic = false

    /// The view's lines.
    func lines(_ terminal: Terminal) -> [String] {
        let width = min(terminal.columns, 100)
        let height = max(4, min(terminal.rows - 8, curves.count > 1 ? 16 : 12))
        var plot = plot(curves.map(\.rates))
        plot.isLogarithmic = isLogarithmic
        let headings = curves.enumerated().map { index, curve in
            curves.count > 1
                ? plot.key(index, ink: terminal.ink) + " " + heading(curve, terminal.ink)
                : heading(curve, terminal.ink)
        }
        var lines = headings + [""]
        lines += plot.lines(width: width, height: height, ink: terminal.ink)
        if curves.count == 1, let momenta = curves[0].momenta {
            lines += ["", terminal.ink.paint("momentum", .strong)]
            lines += self.plot([momenta])
                .lines(width: width, height: max(3, height / 2), ink: terminal.ink)
        }
        let events = curves.flatMap { curve in
            curve.events.map { curves.count > 1 ? "\(curve.label): \($0)" : $0 }
        }
        return lines + (events.isEmpty ? [] : [""]) + events
    }

    private func plot(_ values: [[Double]]) -> Plot {
        let last = max(1, curves.map(\.totalSteps).max() ?? 1) - 1
        var plot = Plot(
            curves: zip(curves, values).map { curve, values in
                zip(curve.steps, values).map { Plot.Point(step: $0, value: $1) }
            },
            steps: 0...last
        )
        plot.isStaircase = true
        return plot
    }

    private func heading(_ curve: PreviewCurve, _ ink: Ink) -> String {
        let rates = curve.rates
        let count = curve.totalSteps
        var facts = [count == 1 ? "1 step" : "\(NumberText.count(count)) steps"]
        if let first = rates.first, let last = rates.last, let peak = rates.max(),
            let index = rates.firstIndex(of: peak)
        {
            facts.append("first \(NumberText.value(first))")
            facts.append(
                "peak \(NumberText.value(peak)) at step \(NumberText.count(curve.steps[index]))"
            )
            facts.append("last \(NumberText.value(last))")
        }
        // The mean of chosen steps is not the run's.
        if !curve.isThinned {
            facts.append("mean \(NumberText.value(rates.reduce(0, +) / Double(rates.count)))")
        }
        return ink.paint(curve.label, .strong) + "  " + facts.joined(separator: ", ")
    }
}
