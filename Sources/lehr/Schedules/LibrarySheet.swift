import Schedules
import TrainingAPI

/// Schedulers of a library, described for a terminal.
enum LibrarySheet {
    /// A table of the schedulers with what they take.
    static func lines(_ library: Library, terminal: Terminal) -> [String] {
        var table = Table(columns: [.init(title: "NAME"), .init(title: "PARAMETERS")])
        for type in library.types {
            table.rows.append([
                Table.Cell(type.name, .strong),
                Table.Cell(type.parameters.map(text).joined(separator: ", ")),
            ])
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }

    /// All about one scheduler.
    static func lines(_ type: LibrarySchedulerType, terminal: Terminal) -> [String] {
        let ink = terminal.ink
        var lines = [ink.paint(type.name, .strong)]
        if !type.aliases.isEmpty {
            lines.append(
                "  \(ink.paint("also", .faint))  \(type.aliases.joined(separator: ", "))"
            )
        }
        if type.followsMetric { lines.append("  follows a metric; every report is a call") }
        return lines
            + type.parameters.map { parameter in
                "  \(parameter.name): "
                    + (parameter.defaultValue.map { "\(python($0)) by default" } ?? "required")
            }
    }

    private static func text(_ parameter: LibrarySchedulerType.Parameter) -> String {
        guard let value = parameter.defaultValue else { return parameter.name }
        return "\(parameter.name)=\(python(value))"
    }

    /// The value as Python writes it.
    private static func python(_ value: LibraryValue) -> String {
        switch value {
        case .null: "None"
        case .flag(let flag): flag ? "True" : "False"
        case .list(let items): "[\(items.map(python).joined(separator: ", "))]"
        case .number, .text, .object: "\(value)"
        }
    }
}
