import ArgumentParser

/// `lehr schedule`: schedules by themselves, and those that the server has under names.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Draw, describe and store learning-rate schedules.",
        discussion: """
            Examples:
              lehr schedule preview cosine --learning-rate 0.1 --warmup 5%
              lehr schedule preview --spec job.yaml --steps-per-epoch 422
              lehr schedule preview --torch 'OneCycleLR(max_lr=0.1, total_steps=1000)'
              lehr schedule convert --torch 'StepLR(optimizer, 300)' --learning-rate 0.1
              lehr schedule types
              lehr schedule types step
              lehr schedule types OneCycleLR --library torch
              lehr schedule put warm schedule.yaml
              lehr schedule show warm --version 2

            Only put, show, list and delete ask a server.
            """,
        subcommands: [
            SchedulePreviewCommand.self, ScheduleConvertCommand.self, ScheduleTypesCommand.self,
            SchedulePutCommand.self, ScheduleShowCommand.self, ScheduleListCommand.self,
            ScheduleDeleteCommand.self,
        ]
    )
}
