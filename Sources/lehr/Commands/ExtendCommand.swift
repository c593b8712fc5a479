import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr extend`: trains a job for longer.
struct ExtendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend",
        abstract: "Train a job for longer, as a new job from its last checkpoint.",
        discussion: """
            Examples:
              lehr extend @last --epochs 200
              lehr extend @last --steps 50000 --policy splice

            --epochs and --steps are those of the whole run, the part before counted. The
            schedule becomes that of the whole longer run (rescale), so that the rate may jump
            where the job goes on; what it does there is shown before anything is made.
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Option(help: "The epochs of the whole run.")
    var epochs: Double?

    @Option(help: "The updates of the whole run.")
    var steps: Int?

    @Option(help: "The checkpoint's finished updates; the newest one by default.")
    var fromStep: Int?

    @Option(
        help: "What becomes of the learning rate: carry, restart, rescale or splice.",
        transform: LearningRatePolicy.init(option:)
    )
    var policy: LearningRatePolicy = .rescale

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (epochs == nil) != (steps == nil) else {
            throw ValidationError("Say how long the whole run is to be: --epochs or --steps.")
        }
    }

    func run() async throws {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            if let fromStep { writer.field("from_step", fromStep) }
            if let epochs { writer.field("epochs", epochs) }
            if let steps { writer.field("steps", steps) }
            writer.field("learning_rate_policy", policy)
        }
        try await Continuing(.extend, writer.bytes, confirmation, server).run(from: job)
    }
}
