import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr checkpoints`: the saved states of a job.
struct CheckpointsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoints",
        abstract: "List a job's checkpoints, or fetch one.",
        discussion: """
            A checkpoint has the layout of safetensors: weights under `model.`, the
            optimizer's arrays under `optimizer.`, the best weights under `best.`.

            Examples:
              lehr checkpoints @last
              lehr checkpoints @last --step 500 --output state.safetensors
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Option(help: "Fetch the checkpoint of this step.")
    var step: Int?

    @Option(name: .shortAndLong, help: "The file to write it to; by default named by job and step.")
    var output: String?

    @OptionGroup var server: ServerOptions

    func validate() throws {
        if output != nil, step == nil {
            throw ValidationError("--output needs --step, which says what to fetch.")
        }
    }

    func run() async throws {
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            guard let step else {
                return try server.print(try await client.checkpoints(of: id)) { list, terminal in
                    FileTables.lines(list.items, terminal: terminal)
                }
            }
            let file = OutputFile(output ?? "\(id)-\(step).safetensors")
            try await file.write(from: client) { (offset) async throws(ClientError) in
                try await client.checkpoint(at: step, of: id, from: offset)
            }
            StandardOutput.note("wrote \(file.path)")
        }
    }
}
