import Foundation
import TrainingAPI
import TrainingClient

/// A job that goes on from another: what it would be is shown, and a person asked.
struct Continuing {
    private let continuation: LehrClient.Continuation
    private let body: [UInt8]
    private let confirmation: Confirmation
    private let server: ServerOptions

    /// How many steps on each side of the join are shown one by one.
    private static let shown = 3

    /// Makes the dialogue of a command.
    init(
        _ continuation: LehrClient.Continuation,
        _ body: [UInt8],
        _ confirmation: Confirmation,
        _ server: ServerOptions
    ) {
        self.continuation = continuation
        self.body = body
        self.confirmation = confirmation
        self.server = server
    }

    /// Shows the rates around the join, asks, and makes the job.
    func run(from job: String) async throws {
        try await server.withClient { client in
            let parent = try await JobReference(job).resolve(with: client)
            let preview = try await client.preview(continuation, of: parent.id, body).value
            let before = try await client.schedule(of: parent.id, maximumPoints: 1_000).value
            try show(preview, before)
            guard try confirmation.isGiven("Make this job?") else {
                StandardOutput.note("Nothing is made.")
                return
            }
            let answer = try await client.make(continuation, of: parent.id, body)
            try server.print(answer) { job, terminal in
                let name = job.name.map { " \(terminal.ink.paint($0, .strong))" } ?? ""
                return [
                    "submitted\(name)  \(job.id)  from step \(NumberText.count(preview.fromStep)) to"
                        + " \(NumberText.count(job.progress.totalSteps))"
                ]
            }
        }
    }

    private func show(_ preview: ForkPreview, _ before: ScheduleBody) throws {
        let terminal = Terminal.current(Environment.process)
        let view = PreviewView(curves: [
            PreviewCurve(label: "the job", before),
            PreviewCurve(label: "the new job", preview.schedule),
        ])
        let around = preview.join.filter {
            ($0.step - preview.fromStep >= -Self.shown) && ($0.step - preview.fromStep < Self.shown)
        }
        let rows = around.map { rate in
            [
                "\(rate.step < preview.fromStep ? "" : "▸ ")\(NumberText.count(rate.step))",
                rate.before.map { NumberText.value($0) } ?? "ended",
                NumberText.value(rate.after),
            ]
        }
        var lines = view.lines(terminal)
        lines += [
            "",
            "\(preview.policy.rawValue): goes on from step \(NumberText.count(preview.fromStep)) of"
                + " \(NumberText.count(preview.totalSteps))",
        ]
        let heads = ["STEP", "THE JOB", "THE NEW JOB"]
        let widths = heads.indices.map { column in
            ([heads] + rows).map { $0[column].count }.max() ?? 0
        }
        lines += ([heads] + rows).map { row in
            "  "
                + zip(row, widths).map { text, width in
                    String(repeating: " ", count: width - text.count) + text
                }.joined(separator: "  ")
        }
        lines += preview.warnings.map { "warning: \($0.detail)" }
        try StandardOutput.show(lines, besidesJSON: server.json)
    }
}
