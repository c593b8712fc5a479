import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr retry`: has a job tried again.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Put a failed or cancelled job back in the queue, with fresh attempts.",
        discussion: """
            Examples:
              lehr retry @last
              lehr retry @last --from-start
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Flag(help: "Begin with step 0 instead of the newest checkpoint.")
    var fromStart = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.act(on: job) { client, id in
            try await client.retry(id, from: fromStart ? .start : .checkpoint)
        }
    }
}
