import TrainingAPI

/// Curves as a table, one in each row with its shape.
enum MetricsTable {
    /// About how wide the columns of numbers are.
    private static let numbersWidth = 60

    /// The table's lines.
    static func lines(_ metrics: MetricsBody, terminal: Terminal) -> [String] {
        guard !metrics.series.isEmpty else { return ["no values yet"] }
        let names = metrics.series.map(\.name.count).max() ?? 0
        let curve = min(max(terminal.columns - names - numbersWidth, 8), 40)
        var table = Table(columns: [
            .init(title: "SERIES"), .init(title: "POINTS", isNumeric: true),
            .init(title: "FIRST", isNumeric: true), .init(title: "LAST", isNumeric: true),
            .init(title: "LOWEST", isNumeric: true), .init(title: "HIGHEST", isNumeric: true),
            .init(title: "CURVE"),
        ])
        for (name, series) in metrics.series {
            let finite = series.values.filter(\.isFinite)
            let numbers = [
                series.values.first, series.values.last, finite.min(), finite.max(),
            ].map { Table.Cell($0.map(NumberText.value) ?? "") }
            table.rows.append(
                [Table.Cell(name, .strong), Table.Cell(NumberText.count(series.sourcePoints))]
                    + numbers
                    + [Table.Cell(Sparkline.text(series.values, width: curve), .accent)]
            )
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }
}
