import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr delete`: removes a finished job.
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a finished job with its metrics, checkpoints and log, for ever.",
        discussion: """
            Examples:
              lehr delete 0197a3f2-5c1d
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
            let found = try await JobReference(job).resolve(with: client)
            try await client.delete(found.id)
            guard !server.json else { return }
            try StandardOutput.write(lines: ["\(JobText.title(found))  deleted"])
        }
    }
}
