import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr metrics`: a job's curves.
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Show a job's curves, or write them as CSV or JSON.",
        discussion: """
            Examples:
              lehr metrics @last
              lehr metrics @last --series train_loss --series learning_rate
              lehr metrics fashion-cosine --csv > curves.csv
              lehr metrics @last --series validation_loss --json --max-points 100
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Option(parsing: .singleValue, help: "This curve alone; repeat it for several.")
    var series: [String] = []

    @Option(help: "The first step.")
    var fromStep: Int?

    @Option(help: "The step after the last one.")
    var toStep: Int?

    @Option(help: "How many points each curve is thinned to, 2 to 100000.")
    var maxPoints: Int?

    @Flag(help: "Write every point as comma-separated values.")
    var csv = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        if csv, server.json { throw ValidationError("--csv and --json cannot both be had.") }
    }

    func run() async throws {
        let query = MetricsQuery(
            series: series,
            fromStep: fromStep,
            toStep: toStep,
            maximumPoints: maxPoints
        )
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            guard csv else {
                return try server.print(try await client.metrics(of: id, query)) {
                    metrics,
                    terminal in
                    MetricsTable.lines(metrics, terminal: terminal)
                }
            }
            for try await piece in try await client.metricsCSV(of: id, query) {
                try StandardOutput.write(piece)
            }
        }
    }
}
