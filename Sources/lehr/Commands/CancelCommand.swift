import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr cancel`: stops a job.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel a job; one that is cancelled already stays so.",
        discussion: """
            Examples:
              lehr cancel @last
              lehr cancel 0197a3f2-5c1d
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.act(on: job) { client, id in try await client.cancel(id) }
    }
}
