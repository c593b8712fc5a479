import Foundation
import TrainingAPI

/// Workers as a table, with the GPUs of their machines.
enum WorkerTable {
    /// The table's lines.
    static func lines(_ workers: [WorkerBody], now: Date, terminal: Terminal) -> [String] {
        guard !workers.isEmpty else { return ["no workers"] }
        var table = Table(columns: [
            .init(title: "NAME"), .init(title: "STATE"), .init(title: "HOST"),
            .init(title: "KINDS"), .init(title: "JOB"), .init(title: "SEEN", isNumeric: true),
            .init(title: "GPUS"),
        ])
        for worker in workers {
            table.rows.append([
                Table.Cell(worker.name, .strong), Table.Cell(worker.state.rawValue),
                Table.Cell(worker.host ?? ""), Table.Cell(worker.kinds.joined(separator: " ")),
                Table.Cell(worker.jobID.map { String($0.suffix(12)) } ?? ""),
                Table.Cell(JobText.age(of: worker.lastSeenAt, now: now)),
                Table.Cell(gpus(worker.gpus)),
            ])
        }
        return table.lines(width: terminal.columns, ink: terminal.ink)
    }

    /// How many GPUs there are, how many are free, and what they are: `2, 1 free: A100 40 GiB`.
    private static func gpus(_ gpus: [GPUBody]) -> String {
        guard !gpus.isEmpty else { return "" }
        let free = gpus.count { $0.jobID == nil }
        let kinds = Set(
            gpus.map { gpu in
                let memory = gpu.memoryBytes > 0 ? "\(gpu.memoryBytes >> 30) GiB" : nil
                return [gpu.model, memory].compactMap { $0 }.joined(separator: " ")
            }
        )
        let words = kinds.subtracting([""]).sorted().joined(separator: ", ")
        return "\(gpus.count), \(free) free" + (words.isEmpty ? "" : ": \(words)")
    }
}
