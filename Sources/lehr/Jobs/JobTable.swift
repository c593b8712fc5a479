import Foundation
import TrainingAPI

/// A list of jobs as a table, newest first.
enum JobTable {
    /// The table's lines.
    static func lines(_ jobs: [JobBody], now: Date, terminal: Terminal) -> [String] {
        guard !jobs.isEmpty else { return ["no jobs"] }
        var table = Table(columns: [
            .init(title: "ID"), .init(title: "NAME"), .init(title: "STATE"),
            .init(title: "STEP", isNumeric: true), .init(title: "DONE", isNumeric: true),
            .init(title: "LOSS", isNumeric: true), .init(title: "VALIDATION", isNumeric: true),
            .init(title: "TEST", isNumeric: true), .init(title: "AGE", isNumeric: true),
        ])
        for (job, id) in zip(jobs, JobText.shortened(jobs.map(\.id))) {
            table.rows.append([
                Table.Cell(id), Table.Cell(job.name ?? "", .strong),
                Table.Cell(job.state, JobText.paint(ofState: job.state)),
                Table.Cell(NumberText.count(job.progress.step)),
                Table.Cell(NumberText.percentage(JobText.fraction(job.progress))),
                Table.Cell(job.summary?.trainLoss.map(NumberText.value) ?? ""),
                Table.Cell(job.summary?.validationAccuracy.map(NumberText.value) ?? ""),
                Table.Cell(job.summary?.testAccuracy.map(NumberText.value) ?? ""),
                Table.Cell(JobText.age(of: job.createdAt, now: now)),
            ])
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }
}
