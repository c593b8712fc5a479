import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr logs`: shows what a job's workers wrote.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what a job's workers wrote, and what became of the job.",
        discussion: """
            Examples:
              lehr logs @last
              lehr logs fashion-cosine --follow

            --follow goes on where it was when the server is away for a while.
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Flag(name: .shortAndLong, help: "Go on with the lines to come, until the job is final.")
    var follow = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            guard !follow else {
                let follower = LogFollower(
                    client: client,
                    write: { try StandardOutput.write($0) },
                    note: { StandardOutput.note($0) }
                )
                return try await follower.follow(id)
            }
            for try await piece in try await client.log(of: id) { try StandardOutput.write(piece) }
        }
    }
}
