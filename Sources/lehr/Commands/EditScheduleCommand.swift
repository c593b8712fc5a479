import ArgumentParser
import Foundation
import Schedules
import TrainingAPI
import TrainingClient

/// `lehr edit-schedule`: changes the rates of a job that waits, runs or is paused.
struct EditScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit-schedule",
        abstract: "Change a job's learning rate while it waits, runs or is paused.",
        discussion: """
            Examples:
              lehr edit-schedule @last --scale 0.1
              lehr edit-schedule @last --learning-rate 3e-4 --note "loss is noisy"
              lehr edit-schedule @last --schedule linear.yaml --from-step 4000
              lehr edit-schedule @last --veto-reduction-at 4200

            The rates without and with the edit are drawn, and nothing is changed before you say
            yes. The edit holds from the first step whose rate no worker has, or from --from-step.
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Option(help: "Multiply the rate from there on.")
    var scale: Double?

    @Option(help: "Hold this rate until the next edit.")
    var learningRate: Double?

    @Option(
        help:
            "Begin this schedule, YAML or JSON, with the rest of the run as its run; - is standard input."
    )
    var schedule: String?

    @Option(help: "Undo the reduction at this step.")
    var vetoReductionAt: Int?

    @Option(help: "The first step that is changed; the first possible one by default.")
    var fromStep: Int?

    @Option(help: "Why, for whoever reads the job's history.")
    var note: String?

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var server: ServerOptions

    func validate() throws {
        let given = [
            scale.map { _ in "--scale" }, learningRate.map { _ in "--learning-rate" },
            schedule.map { _ in "--schedule" }, vetoReductionAt.map { _ in "--veto-reduction-at" },
        ].compactMap { $0 }
        guard given.count == 1 else {
            throw ValidationError(
                given.isEmpty
                    ? "Say what to change: --scale, --learning-rate, --schedule or --veto-reduction-at."
                    : "Only one of \(given.joined(separator: " and ")) can be given."
            )
        }
    }

    func run() async throws {
        let body = try document()
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            let before = try await client.schedule(of: id, maximumPoints: 1_000)
            let preview = try await client.previewEdit(of: id, body)
            if let after = preview.value.schedule {
                try show(before.value, after, preview.value)
            }
            guard try confirmation.isGiven("Change the rates of job \(id)?") else {
                FileHandle.standardError.write(Data("Nothing is changed.\n".utf8))
                return
            }
            // Where another edit or a reduction came meanwhile, what was drawn is not true any more.
            let answer = try await client.editSchedule(
                of: id,
                body,
                ifMatch: preview.entityTag ?? "*"
            )
            try server.print(answer) { receipt, _ in
                ["\(receipt.reason); version \(receipt.version)"]
            }
        }
    }

    /// What is sent: the fields as they were given, a schedule as it stands in its file.
    private func document() throws -> [UInt8] {
        var content: Document?
        if let schedule {
            let (document, faults) = try SpecificationFile.read(schedule).document()
            guard faults.isEmpty else {
                throw FaultReport(
                    summary: "\(schedule) is faulty",
                    faults: faults,
                    locator: FaultLocator(file: schedule, document: document)
                )
            }
            content = document["schedule"] ?? document
        }
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            if let fromStep { writer.field("from_step", fromStep) }
            if let scale { writer.field("scale", scale) }
            if let learningRate { writer.field("learning_rate", learningRate) }
            if let vetoReductionAt { writer.field("veto_reduction_at", vetoReductionAt) }
            if let content { writer.field("schedule", content) }
            if let note { writer.field("note", note) }
        }
        return writer.bytes
    }

    /// Draws the rates without and with the edit; beside the answer as JSON on standard error.
    private func show(
        _ before: ScheduleBody,
        _ after: ScheduleBody,
        _ receipt: ScheduleEditReceipt
    ) throws {
        let terminal = Terminal.current(Environment.process)
        let view = PreviewView(curves: [
            PreviewCurve(label: "as it is", before), PreviewCurve(label: "with the edit", after),
        ])
        let lines =
            view.lines(terminal) + ["", receipt.reason]
            + receipt.warnings.map { "warning: \($0.detail)" }
        try StandardOutput.show(lines, besidesJSON: server.json)
    }
}
