import TrainingAPI

/// All that a server does at a moment, drawn for a terminal.
struct TopView {
    /// A job with the course of its loss.
    struct Row {
        let job: JobBody
        /// The loss at even distances so far; empty where it is not known.
        var losses: [Double] = []
    }

    /// The server's address.
    let server: String
    let rows: [Row]
    let workers: [WorkerBody]
    /// What stands in the way at this moment, as a sentence.
    var trouble: String?

    /// The states of jobs that have not ended, those that take a worker first.
    static let active = ["running", "cancelling", "pausing", "paused", "queued"]
    /// How wide the course of the loss is.
    static let courseWidth = 16
    private static let barWidth = 12

    /// The view's lines, none wider than the terminal and all of them fewer than its rows.
    func lines(_ terminal: Terminal) -> [String] {
        let ink = terminal.ink
        var lines = [ink.paint(heading.fitted(to: terminal.columns), .strong)]
        if let trouble {
            lines.append(ink.paint(trouble.fitted(to: terminal.columns), .doubtful))
        }
        guard !rows.isEmpty else { return lines + ["no jobs"] }
        let room = max(terminal.rows - lines.count - 3, 1)
        let shown = rows.prefix(room)
        lines += table(Array(shown)).lines(width: terminal.columns, ink: ink)
        if shown.count < rows.count {
            lines.append(ink.paint("and \(rows.count - shown.count) more; lehr list", .faint))
        }
        return lines
    }

    /// The jobs and workers as JSON.
    func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("jobs", rows.map(\.job))
            writer.field("workers", workers)
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private var heading: String {
        func count(_ state: String) -> Int { rows.count { $0.job.state == state } }
        let busy = workers.count { $0.state == .busy }
        let lost = workers.count { $0.state == .lost }
        return "\(server)  \(count("running")) running, \(count("queued")) queued"
            + "  \(workers.count) \(workers.count == 1 ? "worker" : "workers"), \(busy) busy"
            + (lost > 0 ? ", \(lost) lost" : "")
    }

    private func table(_ rows: [Row]) -> Table {
        var table = Table(columns: [
            .init(title: "ID"), .init(title: "NAME"), .init(title: "STATE"),
            .init(title: "PROGRESS"),
            .init(title: "DONE", isNumeric: true), .init(title: "STEPS/S", isNumeric: true),
            .init(title: "LEFT", isNumeric: true), .init(title: "LOSS", isNumeric: true),
            .init(title: "ITS COURSE"), .init(title: "VALIDATION", isNumeric: true),
        ])
        for (row, id) in zip(rows, JobText.shortened(rows.map(\.job.id))) {
            let job = row.job
            let fraction = JobText.fraction(job.progress)
            let isRunning = job.state == "running"
            table.rows.append([
                Table.Cell(id, .faint), Table.Cell(job.name ?? "", .strong),
                Table.Cell(job.state, JobText.paint(ofState: job.state)),
                Table.Cell(ProgressBar.text(fraction, width: Self.barWidth), .accent),
                Table.Cell(NumberText.percentage(fraction)),
                Table.Cell(
                    isRunning
                        ? job.summary?.stepsPerSecond.map { NumberText.count(Int($0.rounded())) }
                            ?? ""
                        : ""
                ),
                Table.Cell(
                    isRunning
                        ? job.progress.secondsLeft.map { NumberText.duration(seconds: $0) } ?? ""
                        : ""
                ),
                Table.Cell(job.summary?.trainLoss.map(NumberText.value) ?? ""),
                Table.Cell(Sparkline.text(row.losses, width: Self.courseWidth)),
                Table.Cell(
                    (job.summary?.validationAccuracy ?? job.summary?.validationLoss)
                        .map(NumberText.value) ?? ""
                ),
            ])
        }
        return table
    }
}
