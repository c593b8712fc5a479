import ArgumentParser
import Foundation
import TrainingAPI
import TrainingClient

/// `lehr datasets`: the data that jobs can name.
struct DatasetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets",
        abstract: "List, bring and remove the data that jobs can name.",
        subcommands: [
            DatasetsListCommand.self, DatasetsShowCommand.self, DatasetsPutCommand.self,
            DatasetsDeleteCommand.self,
        ],
        defaultSubcommand: DatasetsListCommand.self
    )
}

/// `lehr datasets list`.
struct DatasetsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the datasets."
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            try server.print(try await client.datasets()) { datasets, terminal in
                DatasetSheet.table(datasets, terminal: terminal)
            }
        }
    }
}

/// `lehr datasets show`.
struct DatasetsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a dataset: its rows, features, classes and hash."
    )

    @Argument(help: "The dataset's name.")
    var name: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            try server.print(try await client.dataset(name)) { dataset, terminal in
                DatasetSheet.lines(dataset, terminal: terminal)
            }
        }
    }
}

/// `lehr datasets put`.
struct DatasetsPutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Bring a file as a dataset: CSV, NPZ, or IDX files in a zip.",
        discussion: """
            The format is told by the file's first bytes. Labels of CSV are the last column
            unless --label says which; texts and whole numbers are classes, fractions are
            values to predict. NPZ has x and y, or x_train, y_train, x_test, y_test. IDX files
            have MNIST's names: zip them together.

            Examples:
              lehr datasets put iris iris.csv --label species --test-fraction 0.2
              lehr datasets put houses houses.csv --label price --target values --missing mean
              lehr datasets put digits digits.npz
            """
    )

    @Argument(help: "What jobs are to call it.")
    var name: String

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(help: "csv, npz or idx; told by the file where it is not given.")
    var format: String?

    @Option(help: "The label's column, by name or 0-based place; the last by default.")
    var label: String?

    @Option(help: "auto, classes or values.")
    var target: String?

    @Option(help: "What becomes of missing values: refuse, drop or mean.")
    var missing: String?

    @Option(help: "What stands between fields: one character, or comma, semicolon, tab.")
    var delimiter: String?

    @Option(help: "Whether the first line names the columns: true, false or auto.")
    var header: String?

    @Option(help: "The share of the rows that become the split test.")
    var testFraction: String?

    @Option(help: "The seed of that choice.")
    var testSeed: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let options = [
            ("format", format), ("label", label), ("target", target), ("missing", missing),
            ("delimiter", delimiter), ("header", header), ("test_fraction", testFraction),
            ("test_seed", testSeed),
        ].compactMap { name, value in value.map { (name: name, value: $0) } }
        let progress = UploadProgress(isShown: isatty(STDERR_FILENO) == 1)
        let body = try UploadBody(file: file) { [progress] in progress.sent($0) }
        progress.begin(total: body.count)
        try await server.withClient { client in
            let answer = try await client.putDataset(name, body, options: options)
            progress.end()
            if answer.status == 200 {
                StandardOutput.note("\(name) had this content already")
            }
            try server.print(answer) { dataset, terminal in
                DatasetSheet.lines(dataset, terminal: terminal)
            }
        }
    }
}

/// `lehr datasets delete`.
struct DatasetsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a dataset that somebody brought."
    )

    @Argument(help: "The dataset's name.")
    var name: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            try await client.deleteDataset(name)
            StandardOutput.note("removed \(name)")
        }
    }
}
