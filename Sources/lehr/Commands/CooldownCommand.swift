import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr cooldown`: lets the rate of a branch of a job fall to zero.
struct CooldownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cooldown",
        abstract: "Let the learning rate fall to zero from a job's checkpoint, as a new job.",
        discussion: """
            Examples:
              lehr cooldown @last --at 5000 --over 10%
              lehr cooldown @last --over 2ep --shape linear

            One long run at a constant rate gives an honest result at every budget: a branch that
            cools down from there. The job itself is not touched.
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Option(help: "The checkpoint's finished updates; the newest one by default.")
    var at: Int?

    @Option(help: "How long the fall is: 500ba, 2ep, or a share of the branch's whole run.")
    var over = "10%"

    @Option(help: "How it falls: one_minus_sqrt, linear or cosine.")
    var shape = "one_minus_sqrt"

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var server: ServerOptions

    func run() async throws {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            if let at { writer.field("from_step", at) }
            writer.field("over", over)
            writer.field("shape", shape)
        }
        try await Continuing(.cooldown, writer.bytes, confirmation, server).run(from: job)
    }
}
