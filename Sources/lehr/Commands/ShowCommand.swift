import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr show`: one job.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a job: its state, its results and its whole specification.",
        discussion: """
            Examples:
              lehr show @last
              lehr show fashion-cosine
              lehr show 0197a3f2-5c1d --json
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            try server.print(try await client.job(id)) { JobSheet.lines($0, ink: $1.ink) }
        }
    }
}
