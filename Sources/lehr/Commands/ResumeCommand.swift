import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr resume`: lets a paused job go on.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Put a paused job back in the queue; it goes on where it was.",
        discussion: """
            Examples:
              lehr resume @last
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.act(on: job) { client, id in try await client.resume(id) }
    }
}
