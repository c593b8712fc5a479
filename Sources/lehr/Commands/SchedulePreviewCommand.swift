import ArgumentParser
import Foundation
import Schedules
import TrainingAPI

/// `lehr schedule preview`: the rates of schedules before anything runs.
struct SchedulePreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Draw schedules, or write their rates, without a server.",
        discussion: """
            Examples:
              lehr schedule preview cosine --learning-rate 0.1 --steps 1000 --warmup 5%
              lehr schedule preview step --epochs 90 --steps-per-epoch 100 --every 30ep --factor 0.1
              lehr schedule preview exponential --every 100ba --factor 0.9 --log
              lehr schedule preview reduce_on_plateau --steps 8 --set patience=1 --metrics 1,1,1,1,1
              lehr schedule preview --torch 'OneCycleLR(max_lr=0.1, total_steps=1000)'
              lehr schedule preview --transformers - < train.py
              lehr schedule preview --spec job.yaml --steps-per-epoch 422 --csv > rates.csv
            Several are drawn into one picture:
              lehr schedule preview cosine linear rex --warmup 5%
              lehr schedule preview cosine 'step(every=30%, factor=0.3)' --svg curves.svg
              lehr schedule preview cosine --torch 'CosineAnnealingLR(opt, T_max=1000)' --png both.png
            Why a rate is what it is:
              lehr schedule preview cosine --warmup 5% --explain 420

            A length is 500ba (updates), 5ep (epochs), or 10% (of the run).
            """
    )

    @OptionGroup var options: PreviewOptions

    @Flag(help: "Draw equal ratios as equal heights.")
    var log = false

    @Flag(help: "Write a line per update: step, learning_rate and, where it moves, momentum.")
    var csv = false

    @Flag(help: "Write the answer that a server gives to the same request; a list of several.")
    var json = false

    @Option(
        help: ArgumentHelp("Write the picture as SVG; - is standard output.", valueName: "file")
    )
    var svg: String?

    @Option(
        help: ArgumentHelp("Write the picture as PNG; - is standard output.", valueName: "file")
    )
    var png: String?

    @Option(
        help: ArgumentHelp("Say why the rate at a step is what it is.", valueName: "step")
    )
    var explain: Int?

    func validate() throws {
        let drawn = svg != nil || png != nil
        if [csv, json, drawn, explain != nil].count(where: \.self) > 1 {
            throw ValidationError(
                "Only one of --csv, --json, --explain and pictures (--svg, --png) can be had."
            )
        }
        if log, csv || json || explain != nil {
            throw ValidationError("--log is for pictures; --csv, --json and --explain have none.")
        }
        if svg == "-", png == "-" {
            throw ValidationError("Only one of --svg and --png can go to standard output.")
        }
    }

    func run() throws {
        let plan = try PreviewPlan(options)
        if let explain {
            let explanations = try plan.explanations(at: explain)
            return try StandardOutput.write(
                lines: explanations.map { label, text in "\(label) at step \(explain): \(text)" }
            )
        }
        let curves = try plan.curves(isDrawn: !csv && !json)
        if json {
            var writer = JSONWriter()
            if curves.count == 1 {
                writer.raw(curves[0].answer)
            } else {
                writer.object { writer in
                    writer.name("items")
                    writer.array { writer in
                        for curve in curves {
                            writer.object { writer in
                                writer.field("name", curve.label)
                                writer.name("preview")
                                writer.raw(curve.answer)
                            }
                        }
                    }
                }
            }
            try StandardOutput.write(writer.bytes + [UInt8(ascii: "\n")])
        } else if csv {
            try StandardOutput.write(lines: RateTable.lines(curves))
        } else if svg != nil || png != nil {
            let figure = PreviewFigure.figure(curves, isLogarithmic: log)
            if let svg { try write(Array(figure.svg().utf8), to: svg) }
            if let png { try write(figure.png(), to: png) }
        } else {
            let view = PreviewView(curves: curves, isLogarithmic: log)
            try StandardOutput.write(lines: view.lines(Terminal.current(Environment.process)))
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        guard path != "-" else { return try StandardOutput.write(bytes) }
        do {
            try Data(bytes).write(to: URL(filePath: path))
        } catch {
            throw PreviewDraft.Failure(
                description: "\(path) cannot be written: \(error.localizedDescription)"
            )
        }
        StandardOutput.note("wrote \(path)")
    }
}
