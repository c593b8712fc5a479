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
            for try await piece in try await client.log(of: id, follow: follow) {
                try StandardOutput.write(String(decoding: piece, as: UTF8.self))
            }
        }
    }
}
