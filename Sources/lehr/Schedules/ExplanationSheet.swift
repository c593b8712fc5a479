import TrainingAPI

/// Why a rate is what it is, cause by cause.
enum ExplanationSheet {
    /// The sheet's lines: the rate, then its causes in the order in which they act.
    static func lines(_ explanation: ExplanationBody, terminal: Terminal) -> [String] {
        let ink = terminal.ink
        var head =
            "step \(NumberText.count(explanation.step))  learning rate "
            + ink.paint(NumberText.value(explanation.learningRate), .strong)
        if let momentum = explanation.momentum {
            head += "  momentum \(NumberText.value(momentum))"
        }
        var table = Table(columns: [
            .init(title: "CAUSE"), .init(title: "FACTOR", isNumeric: true),
            .init(title: "RATE", isNumeric: true),
        ])
        table.rows = explanation.causes.map { cause in
            [
                Table.Cell(cause.cause),
                Table.Cell(cause.factor.map { "× \(NumberText.value($0))" } ?? ""),
                Table.Cell(cause.learningRate.map(NumberText.value) ?? ""),
            ]
        }
        let width = max(terminal.columns - 2, 20)
        return [head] + table.lines(width: width, ink: ink).map { "  \($0)" }
    }
}
