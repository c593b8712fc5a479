/// The course of a schedule, drawn for a terminal.
struct PreviewView {
    /// Something that happens to the rate at a step.
    struct Event {
        let step: Int
        let text: String
    }

    /// What the schedule is called.
    let title: String
    /// The rate of each update.
    let learningRates: [Double]
    /// The momentum of each update, where the schedule moves it.
    var momenta: [Double]?
    /// What happens on the way.
    var events: [Event] = []
    /// Whether equal heights stand for equal ratios.
    var isLogarithmic = false

    /// The view's lines.
    func lines(_ terminal: Terminal) -> [String] {
        let width = min(terminal.columns, 100)
        let height = max(4, min(terminal.rows - 8, 12))
        var plot = Plot(values: learningRates)
        plot.isLogarithmic = isLogarithmic
        var lines = [heading(terminal.ink), ""] + plot.lines(width: width, height: height)
        if let momenta {
            lines += ["", terminal.ink.paint("momentum", .strong)]
            lines += Plot(values: momenta).lines(width: width, height: max(3, height / 2))
        }
        if !events.isEmpty { lines.append("") }
        return lines
            + events.map { event in
                let step = terminal.ink.paint("step \(NumberText.count(event.step))", .faint)
                return "\(step)  \(event.text)"
            }
    }

    private func heading(_ ink: Ink) -> String {
        let rates = learningRates.filter(\.isFinite)
        var facts = ["\(NumberText.count(learningRates.count)) steps"]
        if let first = rates.first, let last = rates.last, let peak = rates.max(),
            let step = learningRates.firstIndex(of: peak)
        {
            facts.append("first \(NumberText.value(first))")
            facts.append("peak \(NumberText.value(peak)) at step \(NumberText.count(step))")
            facts.append("last \(NumberText.value(last))")
            facts.append("mean \(NumberText.value(rates.reduce(0, +) / Double(rates.count)))")
        }
        return ink.paint(title, .strong) + "  " + facts.joined(separator: ", ")
    }
}
