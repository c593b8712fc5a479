import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr pause`: stops a job for a while.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stop a job until it is resumed; a running one saves a checkpoint first.",
        discussion: """
            Examples:
              lehr pause @last
              lehr pause fashion-cosine
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.act(on: job) { client, id in try await client.pause(id) }
    }
}
