import ArgumentParser
import Schedules
import TrainingAPI

/// `lehr schedule preview`: the rates of a schedule before anything runs.
struct SchedulePreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Draw a schedule, or write its rates, without a server.",
        discussion: """
            Examples:
              lehr schedule preview cosine --learning-rate 0.1 --steps 1000 --warmup 5%
              lehr schedule preview step --epochs 90 --steps-per-epoch 100 --every 30ep --factor 0.1
              lehr schedule preview exponential --every 100ba --factor 0.9 --log
              lehr schedule preview reduce_on_plateau --steps 8 --set patience=1 --metrics 1,1,1,1,1
              lehr schedule preview --spec job.yaml --steps-per-epoch 422 --csv > rates.csv

            A length is 500ba (updates), 5ep (epochs), or 10% (of the run).
            """
    )

    @OptionGroup var options: PreviewOptions

    @Flag(help: "Draw equal ratios as equal heights.")
    var log = false

    @Flag(help: "Write a line per update: step, learning_rate and, where it moves, momentum.")
    var csv = false

    @Flag(help: "Write the answer that a server gives to the same request.")
    var json = false

    func validate() throws {
        if [log, csv, json].count(where: \.self) > 1 {
            throw ValidationError("Only one of --log, --csv and --json can be had.")
        }
    }

    func run() throws {
        let file = try options.spec.map { try SpecificationFile.read($0) }
        let (content, faults) = try file?.document() ?? (nil, [])
        let draft = try PreviewDraft(options, file: content, isDrawn: !csv && !json)
        var context = DecodingContext(faults: faults)
        let request = PreviewRequest(draft.document, &context)
        guard let request, let schedule = request.preview(&context) else {
            throw FaultReport(
                summary: "the schedule cannot be drawn",
                faults: context.faults,
                locator: FaultLocator(
                    file: file?.name ?? "the options",
                    document: draft.document,
                    assignments: draft.assignments
                )
            )
        }
        if json {
            try StandardOutput.write(schedule.json() + [UInt8(ascii: "\n")])
        } else if csv {
            try StandardOutput.write(lines: RateTable.lines(schedule))
        } else {
            let title = request.schedule.curve.type.name
            let view = PreviewView(title: title, schedule: schedule, isLogarithmic: log)
            try StandardOutput.write(lines: view.lines(Terminal.current(Environment.process)))
        }
    }
}
