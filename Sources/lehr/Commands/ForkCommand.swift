import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr fork`: goes on from a job's checkpoint with some fields changed.
struct ForkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork",
        abstract: "Go on from a job's checkpoint with some fields changed, as a new job.",
        discussion: """
            Examples:
              lehr fork @last --set optimizer.weight_decay=0.1
              lehr fork @last --from-step 4000 --set 'schedule={type: linear, learning_rate: 0.05}'
              lehr fork @last --set schedule.type=cosine --policy splice

            What becomes of the learning rate:
              carry    the other job's rates go on (where the schedule does not change)
              restart  the schedule begins anew there (where it changes)
              rescale  the schedule is that of the whole new run
              splice   as rescale, scaled so that the rate does not jump
            The rates around the join are shown before anything is made.
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @Option(help: "The checkpoint's finished updates; the newest one by default.")
    var fromStep: Int?

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp("Change a field, such as batch_size=64.", valueName: "field=value")
    )
    var assignments: [String] = []

    @Option(help: "What becomes of the learning rate.", transform: LearningRatePolicy.init(option:))
    var policy: LearningRatePolicy?

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let changes = try assignments.map { try Assignment($0) }
            .reduce(Document(.object([]))) { try $1.applied(to: $0) }
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            if let fromStep { writer.field("from_step", fromStep) }
            if let policy { writer.field("learning_rate_policy", policy) }
            writer.field("changes", changes)
        }
        try await Continuing(.fork, writer.bytes, confirmation, server).run(from: job)
    }
}

extension LearningRatePolicy {
    /// Reads an option's word.
    init(option word: String) throws {
        guard let policy = LearningRatePolicy(rawValue: word) else {
            let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(word) is no policy; they are \(words).")
        }
        self = policy
    }
}
