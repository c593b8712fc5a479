import TrainingAPI

/// What a job keeps and leaves behind, as tables.
enum FileTables {
    /// Checkpoints, the newest last.
    static func lines(_ checkpoints: [CheckpointBody], terminal: Terminal) -> [String] {
        guard !checkpoints.isEmpty else { return ["no checkpoints yet"] }
        var table = Table(columns: [
            .init(title: "STEP", isNumeric: true), .init(title: "SIZE", isNumeric: true),
            .init(title: "EXACT"), .init(title: "STORED"), .init(title: "HASH"),
        ])
        table.rows = checkpoints.map { checkpoint in
            [
                Table.Cell(NumberText.count(checkpoint.step), .strong),
                Table.Cell(size(checkpoint.size)), Table.Cell(checkpoint.exact ? "yes" : "no"),
                Table.Cell(checkpoint.createdAt), Table.Cell(String(checkpoint.hash.prefix(12))),
            ]
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }

    /// Artifacts by name.
    static func lines(_ artifacts: [ArtifactBody], terminal: Terminal) -> [String] {
        var table = Table(columns: [
            .init(title: "NAME"), .init(title: "SIZE", isNumeric: true), .init(title: "WHAT IT IS"),
        ])
        table.rows = artifacts.map { artifact in
            [
                Table.Cell(artifact.name, .strong), Table.Cell(artifact.size.map(size) ?? ""),
                Table.Cell(artifact.summary),
            ]
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }

    /// A number of bytes with three digits: `940 B`, `1.25 MB`.
    static func size(_ bytes: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        return "\(unit == 0 ? "\(bytes)" : NumberText.mark(value)) \(units[unit])"
    }
}
