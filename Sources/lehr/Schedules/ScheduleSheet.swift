import Schedules

/// Kinds of schedule, described for a terminal.
enum ScheduleSheet {
    /// A table of kinds with what they take and do.
    static func lines(_ types: [ScheduleType], terminal: Terminal) -> [String] {
        var table = Table(columns: [
            .init(title: "TYPE"), .init(title: "FIELDS"), .init(title: "SUMMARY"),
        ])
        for type in types {
            let fields = type.parameters.map(\.name).joined(separator: ", ")
            table.rows.append([
                Table.Cell(type.name, .strong), Table.Cell(fields), Table.Cell(type.summary),
            ])
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
            + [
                "",
                "Every kind also takes learning_rate (the peak), floor and warmup (length, from, shape).",
            ]
    }

    /// All about one kind.
    static func lines(_ type: ScheduleType, terminal: Terminal) -> [String] {
        let ink = terminal.ink
        let facts = [
            ink.paint(type.name, .strong),
            "  \(type.summary)",
            "  \(ink.paint("formula", .faint))  \(type.formula)",
            "  \(ink.paint("source", .faint))   \(type.source)",
        ]
        return facts
            + type.parameters.flatMap { parameter in
                [
                    "",
                    "\(ink.paint(parameter.name, .strong)): \(parameter.kind.requirement)",
                    "  \(parameter.summary)",
                    "  \(ink.paint("default", .faint))  \(parameter.defaultDescription)",
                ]
            }
    }
}
