import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr why`: what makes a job's rate what it is.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a job's learning rate at a step is what it is.",
        discussion: """
            Examples:
              lehr why @last
              lehr why fashion-plateau --step 4200
              lehr why @last --step 0 --json
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Option(help: "The update, from 0; the next one to come by default.")
    var step: Int?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            try server.print(try await client.explain(id, step: step)) {
                ExplanationSheet.lines($0, terminal: $1)
            }
        }
    }
}
