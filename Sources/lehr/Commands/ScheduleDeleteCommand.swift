import ArgumentParser
import TrainingClient

/// `lehr schedule delete`: removes a stored schedule.
struct ScheduleDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a stored schedule with all its versions; jobs keep what they have.",
        discussion: """
            Examples:
              lehr schedule delete warm
            """
    )

    @Argument(help: "The name.", completion: Completions.schedules)
    var name: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            try await client.deleteSchedule(name)
            if !server.json { try StandardOutput.write(lines: ["deleted \(name)"]) }
        }
    }
}
