import ArgumentParser
import Foundation
import TrainingAPI
import TrainingClient

/// `lehr workers`: who runs jobs, and with what.
struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers",
        abstract: "List the workers that the server has heard of.",
        discussion: """
            Workers of one machine offer the same GPUs; a job has each of them to itself.

            Examples:
              lehr workers
              lehr workers --json
            """
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            try server.print(try await client.workers()) { workers, terminal in
                WorkerTable.lines(workers, now: Date(), terminal: terminal)
            }
        }
    }
}
