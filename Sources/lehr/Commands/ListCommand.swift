import ArgumentParser
import Foundation
import TrainingAPI
import TrainingClient

/// `lehr list`: the newest jobs.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List jobs, newest first.",
        discussion: """
            Examples:
              lehr list
              lehr list --state running --state queued
              lehr list --label team=vision --limit 100
              lehr list --name fashion-cosine --json
            """
    )

    @Option(
        parsing: .singleValue,
        help: "Jobs in this state alone; repeat it for several.",
        completion: .list([
            "queued", "running", "pausing", "paused", "cancelling", "succeeded", "failed",
            "cancelled",
        ])
    )
    var state: [String] = []

    @Option(help: "Jobs of this name alone.")
    var name: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Jobs with this label alone; repeat it for several.",
            valueName: "key=value"
        )
    )
    var label: [String] = []

    @Option(help: "How many jobs to show, 1 to 500.")
    var limit = 20

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...500).contains(limit) else {
            throw ValidationError("--limit must be 1 to 500, not \(limit).")
        }
        try LabelFilter.check(label)
    }

    func run() async throws {
        let labels = LabelFilter.labels(label)
        let query = JobQuery(states: state, name: name, labels: labels, limit: limit)
        try await server.withClient { client in
            try server.print(try await client.jobs(query)) { page, terminal in
                JobTable.lines(page.items, now: Date(), terminal: terminal)
            }
        }
    }
}
