import Schedules
import TrainingAPI

/// Stored schedules as lines.
enum StoredScheduleText {
    /// The kind and the peak: `cosine, learning rate 0.1`, `StepLR of torch`.
    static func summary(_ schedule: RunSchedule) -> String {
        let kind =
            switch schedule {
            case .native(let native): native.curve.type.name
            case .library(let own): "\(own.name) of \(own.library.rawValue)"
            }
        let rate = schedule.learningRate.map { ", learning rate \(NumberText.value($0))" }
        return kind + (rate ?? "")
    }

    /// One line for a version that was stored or was there.
    static func receipt(_ stored: StoredSchedule, isNew: Bool, ink: Ink) -> String {
        let name = ink.paint(stored.name, .strong)
        return "\(isNew ? "stored" : "unchanged") \(name)  version \(stored.version)  "
            + summary(stored.schedule)
    }

    /// A version with all that it holds.
    static func sheet(_ stored: StoredSchedule, ink: Ink) -> [String] {
        // What the writer wrote is JSON.
        let content = (try? JSONReader.read(stored.schedule.json()))?.document
        return [
            "\(ink.paint(stored.name, .strong))  version \(stored.version)  stored \(stored.createdAt)",
            "  \(ink.paint("hash", .faint))  \(stored.hash)",
        ] + (content.map { Outline.lines($0).map { "  \($0)" } } ?? [])
    }

    /// Schedules or versions as a table, newest first.
    static func table(_ schedules: [StoredSchedule], terminal: Terminal) -> [String] {
        guard !schedules.isEmpty else { return ["no stored schedules"] }
        var table = Table(columns: [
            .init(title: "NAME"), .init(title: "VERSION", isNumeric: true),
            .init(title: "SCHEDULE"), .init(title: "STORED"),
        ])
        table.rows = schedules.map { stored in
            [
                Table.Cell(stored.name, .strong), Table.Cell("\(stored.version)"),
                Table.Cell(summary(stored.schedule)), Table.Cell(stored.createdAt),
            ]
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }
}
