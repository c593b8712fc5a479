import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr artifacts`: what a job leaves behind.
struct ArtifactsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts",
        abstract: "List what a job leaves behind, or fetch it.",
        discussion: """
            With names, those are fetched, or with --output alone everything is. A single
            name without --output is written to standard output.

            Examples:
              lehr artifacts @last
              lehr artifacts @last --output model/
              lehr artifacts @last model.py model.safetensors --output model/
              lehr artifacts @last spec.yaml > again.yaml && lehr submit again.yaml
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Argument(help: "What to fetch, such as model.safetensors.")
    var names: [String] = []

    @Option(name: .shortAndLong, help: "The folder to write files to; made where it is missing.")
    var output: String?

    @OptionGroup var server: ServerOptions

    func validate() throws {
        if names.count > 1, output == nil {
            throw ValidationError("Several files need --output, the folder to write them to.")
        }
        if server.json, !names.isEmpty || output != nil {
            throw ValidationError("--json lists; it fetches nothing.")
        }
    }

    func run() async throws {
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            if let output {
                try await fetch(id, into: output, client)
            } else if let name = names.first {
                var sink = StandardOutput.Sink()
                try await client.download(into: &sink) { (offset) async throws(ClientError) in
                    try await client.artifact(name, of: id, from: offset)
                }
            } else {
                try server.print(try await client.artifacts(of: id)) { list, terminal in
                    FileTables.lines(list.items, terminal: terminal)
                }
            }
        }
    }

    private func fetch(_ id: String, into folder: String, _ client: LehrClient) async throws {
        let wanted =
            names.isEmpty
            ? try await client.artifacts(of: id).value.items.map(\.name) : names
        for name in wanted {
            // A server names what it sends; it does not choose where that goes.
            guard !name.contains("/"), name != "..", name != "." else { continue }
            let file = OutputFile("\(folder)/\(name)")
            try await file.write(from: client) { (offset) async throws(ClientError) in
                try await client.artifact(name, of: id, from: offset)
            }
            StandardOutput.note("wrote \(file.path)")
        }
    }
}
