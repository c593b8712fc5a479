import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr schedule list`: the schedules that the server has under names.
struct ScheduleListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the stored schedules, newest first.",
        discussion: """
            Examples:
              lehr schedule list
              lehr schedule list --limit 5 --json
            """
    )

    @Option(help: "How many schedules to show, 1 to 500.")
    var limit = 50

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...500).contains(limit) else {
            throw ValidationError("--limit must be from 1 to 500, not \(limit).")
        }
    }

    func run() async throws {
        try await server.withClient { client in
            try server.print(try await client.storedSchedules(limit: limit)) {
                StoredScheduleText.table($0.items, terminal: $1)
            }
        }
    }
}
