import ArgumentParser
import Schedules
import TrainingAPI

/// `lehr schedule convert`: a library's schedule in the native vocabulary.
struct ScheduleConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Say a library's schedule in the native vocabulary, and what differs.",
        discussion: """
            Examples:
              lehr schedule convert --torch 'CosineAnnealingLR(optimizer, T_max=1000)' --learning-rate 0.1
              lehr schedule convert --torch - --learning-rate 0.1 < train.py > schedule.yaml
              lehr schedule convert --torch 'StepLR(optimizer, 30)' --unit epochs --epochs 90 \\
                --steps-per-epoch 100
              lehr schedule convert --spec torch-job.yaml --steps 5000 --json

            The rates of both are compared over the run, update by update.
            Exit status: 0 every rate is the same, 5 some differ (the comments say where and
            by how much), 2 there is no native counterpart.
            """
    )

    @OptionGroup(title: "Schedules of libraries") var code: CodeOptions

    @Option(
        help: ArgumentHelp(
            "Take the schedule from a job's specification or a schedule, YAML or JSON.",
            valueName: "file"
        )
    )
    var spec: String?

    @Option(parsing: .unconditional, help: "The optimizer's rate; the one in the code by default.")
    var learningRate: Double?

    @Option(help: "How many updates the run has; as many as the code is for by default, else 1000.")
    var steps: Int?

    @Option(help: "How many epochs the run has; needs --steps-per-epoch.")
    var epochs: Double?

    @Option(help: "How many updates an epoch has.")
    var stepsPerEpoch: Int?

    @Flag(help: "Write the schedule and the differences as JSON.")
    var json = false

    func validate() throws {
        guard code.pieces.count + (spec == nil ? 0 : 1) == 1 else {
            throw ValidationError("Give one schedule: code, such as --torch CODE, or --spec FILE.")
        }
        try RunOptions.validate(steps: steps, epochs: epochs, stepsPerEpoch: stepsPerEpoch)
        if code.unit == .epochs, stepsPerEpoch == nil {
            throw ValidationError(
                "--unit epochs needs --steps-per-epoch, the updates that an epoch has."
            )
        }
    }

    func run() throws {
        let schedule = try schedule()
        let perEpoch = stepsPerEpoch ?? 1
        let perCall = schedule.unit == .epochs ? perEpoch : 1
        let total =
            try steps ?? epochs.map { try RunOptions.steps(epochs: $0, stepsPerEpoch) }
            ?? schedule.naturalLength.map { $0 * perCall } ?? PreviewDraft.standardSteps
        let conversion: LibraryConversion
        do throws(ScheduleError) {
            conversion = try schedule.converted(
                for: Run(totalSteps: total, stepsPerEpoch: perEpoch)
            )
        } catch {
            guard case .conflict(_, let detail) = error else {
                throw PreviewDraft.Failure(description: "\(error)")
            }
            throw PreviewDraft.Failure(description: detail)
        }
        let report = ConversionReport(
            source: "\(schedule.name) of \(schedule.library.rawValue)",
            steps: total,
            conversion: conversion
        )
        if json {
            try StandardOutput.write(report.json() + [UInt8(ascii: "\n")])
        } else {
            try StandardOutput.write(lines: report.lines())
        }
        if !report.isExact { throw JobEnded(status: .inexact) }
    }

    private func schedule() throws -> LibrarySchedule {
        if let spec {
            let file = try SpecificationFile.read(spec)
            let (document, faults) = try file.document()
            let schedule = PreviewDraft.isJob(document) ? document["schedule"] : document
            guard let schedule, schedule["library"] != nil else {
                throw PreviewDraft.Failure(
                    description: "\(file.name) holds no library's schedule: write one such as "
                        + #"{"library": "torch", "name": "StepLR", "params": {"step_size": 30}}"#
                )
            }
            let read = try LibraryFile.schedule(schedule, file: file, faults: faults)
            guard let learningRate else { return read }
            return try LibrarySchedule(
                library: read.library,
                name: read.name,
                parameters: read.parameters,
                learningRate: learningRate,
                unit: read.unit
            )
        }
        let piece = code.pieces[0]
        return try PreviewLibrary(
            code: piece.code,
            library: piece.library,
            unit: code.unit,
            learningRate: learningRate,
            stepsPerEpoch: stepsPerEpoch
        ).schedule
    }
}
