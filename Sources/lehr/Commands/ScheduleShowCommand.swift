import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr schedule show`: a schedule that the server has under a name.
struct ScheduleShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a stored schedule, or list its versions.",
        discussion: """
            Examples:
              lehr schedule show warm
              lehr schedule show warm --version 2
              lehr schedule show warm --versions
            """
    )

    @Argument(help: "The name.", completion: Completions.schedules)
    var name: String

    @Option(help: "The version; the newest by default.")
    var version: Int?

    @Flag(help: "List every version, newest first.")
    var versions = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        if versions, version != nil {
            throw ValidationError("--version and --versions cannot both be had.")
        }
    }

    func run() async throws {
        try await server.withClient { client in
            guard versions else {
                let answer = try await client.storedSchedule(name, version: version)
                return try server.print(answer) { StoredScheduleText.sheet($0, ink: $1.ink) }
            }
            let answer = try await client.scheduleVersions(of: name, limit: 500)
            try server.print(answer) { StoredScheduleText.table($0.items, terminal: $1) }
        }
    }
}
