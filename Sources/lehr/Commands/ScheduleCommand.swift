import ArgumentParser

/// `lehr schedule`: what needs no server.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Draw and describe learning-rate schedules, without a server.",
        discussion: """
            Examples:
              lehr schedule preview cosine --learning-rate 0.1 --warmup 5%
              lehr schedule preview --spec job.yaml --steps-per-epoch 422
              lehr schedule preview --torch 'OneCycleLR(max_lr=0.1, total_steps=1000)'
              lehr schedule convert --torch 'StepLR(optimizer, 300)' --learning-rate 0.1
              lehr schedule types
              lehr schedule types step
              lehr schedule types OneCycleLR --library torch
            """,
        subcommands: [
            SchedulePreviewCommand.self, ScheduleConvertCommand.self, ScheduleTypesCommand.self,
        ]
    )
}
