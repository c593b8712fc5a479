import TrainingAPI

/// Datasets as a person reads them.
enum DatasetSheet {
    /// One line for each dataset.
    static func table(_ datasets: [DatasetBody], terminal: Terminal) -> [String] {
        guard !datasets.isEmpty else { return ["no datasets"] }
        var table = Table(columns: [
            .init(title: "NAME"), .init(title: "ROWS", isNumeric: true), .init(title: "SHAPE"),
            .init(title: "TARGET"), .init(title: "HASH"), .init(title: "WHAT IT IS"),
        ])
        for dataset in datasets {
            table.rows.append([
                Table.Cell(dataset.name, .strong),
                Table.Cell(NumberText.count(dataset.rows["train"] ?? 0)),
                Table.Cell(dataset.shape.map(String.init).joined(separator: "×")),
                Table.Cell(target(of: dataset)),
                Table.Cell(dataset.hash.map { String($0.prefix(12)) } ?? ""),
                Table.Cell(dataset.remedy ?? dataset.summary),
            ])
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }

    /// Everything about one dataset.
    static func lines(_ dataset: DatasetBody, terminal: Terminal) -> [String] {
        let shape = dataset.shape.map(String.init).joined(separator: "×")
        var lines = [
            terminal.ink.paint(dataset.name, .strong),
            dataset.summary,
            "features \(shape) · \(target(of: dataset)) · hash \(dataset.hash ?? "unknown")",
        ]
        for split in ["train", "validation", "test"] {
            guard let rows = dataset.rows[split] else { continue }
            let counts = zip(dataset.targetNames, dataset.balance[split] ?? [])
            let balance = counts.prefix(20).map { "\($0) \(NumberText.count($1))" }
                .joined(separator: ", ")
            lines.append(
                "\(split): \(NumberText.count(rows)) rows"
                    + (balance.isEmpty ? "" : " (\(balance))")
            )
        }
        if let remedy = dataset.remedy { lines.append(remedy) }
        return lines
    }

    private static func target(of dataset: DatasetBody) -> String {
        switch dataset.target {
        case .classes(let count): "\(count) classes"
        case .values(let count): count == 1 ? "a value" : "\(count) values"
        }
    }
}
