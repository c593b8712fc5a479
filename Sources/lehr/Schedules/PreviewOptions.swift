import ArgumentParser
import TrainingAPI

/// The schedule and the run that `lehr schedule preview` draws.
struct PreviewOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Kinds of schedule; `lehr schedule types` lists them. Fields in brackets are that one's "
                + "alone; options are for all.",
            valueName: "type"
        ),
        completion: Completions.scheduleTypes
    )
    var types: [String] = []

    @OptionGroup(title: "Schedules of libraries") var code: CodeOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Take the schedule from a job's specification or a schedule, YAML or JSON.",
            valueName: "file"
        )
    )
    var spec: [String] = []

    @Option(
        parsing: .unconditional,
        help:
            "The peak, or a library's optimizer's rate; 1 by default, so that rates are shares of it."
    )
    var learningRate: Double?

    @Option(help: "How many updates the run has; 1000 by default, or as many as the code is for.")
    var steps: Int?

    @Option(help: "How many epochs the run has; needs --steps-per-epoch.")
    var epochs: Double?

    @Option(help: "How many updates an epoch has.")
    var stepsPerEpoch: Int?

    @Option(
        help: ArgumentHelp(
            "How long the rate rises at first, such as 5% or 500ba.",
            valueName: "length"
        )
    )
    var warmup: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The rate at the end, or a share of the peak such as 10%.",
            valueName: "rate"
        )
    )
    var to: String?

    @Option(parsing: .unconditional, help: "A rate below which the schedule does not go.")
    var floor: Double?

    @Option(help: ArgumentHelp("How long the fall takes, such as 80% or 5ep.", valueName: "length"))
    var over: String?

    @Option(help: ArgumentHelp("How often the rate falls, such as 10ep.", valueName: "length"))
    var every: String?

    @Option(parsing: .unconditional, help: "What the rate is multiplied by at each fall.")
    var factor: Double?

    @Option(
        help: ArgumentHelp("When the rate falls, such as 30ep,60ep.", valueName: "lengths")
    )
    var milestones: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What the monitored metric reports, in order.",
            valueName: "numbers"
        )
    )
    var metrics: String?

    @Option(help: "Evaluate about so many steps of a long run, 2 to 100000.")
    var maxPoints: Int?

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "Any other field of the schedule, such as patience=5.",
            valueName: "field=value"
        )
    )
    var assignments: [String] = []

    func validate() throws {
        if types.isEmpty, spec.isEmpty, code.isEmpty {
            throw ValidationError(
                "Name a kind of schedule, such as cosine, give a file with --spec, or paste a "
                    + "library's with --torch."
            )
        }
        if types.isEmpty, spec.isEmpty, let option = nativeOption {
            throw ValidationError(
                "\(option) belongs to the native kinds; a library's schedule has its parameters in "
                    + "its code."
            )
        }
        try RunOptions.validate(steps: steps, epochs: epochs, stepsPerEpoch: stepsPerEpoch)
    }

    /// An option that was given and means a field of native schedules; `nil` where there is none.
    var nativeOption: String? {
        let given: [(String, Bool)] = [
            ("--warmup", warmup != nil), ("--to", to != nil), ("--floor", floor != nil),
            ("--over", over != nil), ("--every", every != nil), ("--factor", factor != nil),
            ("--milestones", milestones != nil), ("--set", !assignments.isEmpty),
        ]
        return given.first { $0.1 }?.0
    }
}
