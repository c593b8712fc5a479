internal import Foundation

extension LibraryEntry {
    /// The schedulers of `get_scheduler`: multipliers of the optimizer's rate, and two that follow a metric.
    static let transformers: [LibraryEntry] =
        TransformersMaking.all.map { making in
            LibraryEntry(making.name, aliases: [making.function], parameters: making.parameters) {
                (arguments, setting) throws(LibraryFailure) in
                let rate = try setting.rate()
                let factor = try making.make(arguments, rate)
                return try TorchSession(rate: rate) { (optimizer) throws(LibraryFailure) in
                    try TorchRule(&optimizer, savesParameters: false) {
                        (epoch, base, _, _) throws(LibraryFailure) in base * (try factor(epoch))
                    }
                }
            }
        } + [transformersPlateau, transformersGreedy]

    private static let transformersPlateau = LibraryEntry(
        "reduce_lr_on_plateau",
        aliases: ["get_reduce_on_plateau_schedule"],
        followsMetric: true,
        parameters: TorchMaking.reduceOnPlateau.parameters.filter { $0.name != "last_epoch" }
            + TransformersMaking.unused
    ) { (arguments, setting) throws(LibraryFailure) in
        try TorchSession(rate: setting.rate()) { (_) throws(LibraryFailure) in
            try TorchPlateau(arguments)
        }
    }

    private static let transformersGreedy = LibraryEntry(
        "greedy",
        aliases: ["get_greedy_schedule", "GreedyLR"],
        followsMetric: true,
        parameters: [
            ("mode", "min"), ("factor", 0.95), ("patience", 10), ("threshold", 1e-6),
            ("threshold_mode", "abs"), ("cooldown", 0), ("warmup", 0), ("min_lr", 1e-3),
            ("max_lr", 1), ("eps", 1e-8), ("verbose", false), ("smooth", false),
            ("window_size", 50), ("reset_start", 500),
        ] + TransformersMaking.unused
    ) { (arguments, setting) throws(LibraryFailure) in
        try TransformersGreedy(arguments, rate: setting.rate())
    }
}

/// A schedule of Transformers' and how its multiplier is made.
struct TransformersMaking: Sendable {
    /// The multiplier at a count of calls.
    typealias Factor = @Sendable (Double) throws(LibraryFailure) -> Double
    typealias Make =
        @Sendable (LibraryArguments, _ rate: Double) throws(LibraryFailure) -> Factor

    let name: String
    /// The function that makes it, an alias.
    let function: String
    let parameters: [(name: String, defaultValue: LibraryValue?)]
    let make: Make

    init(
        _ name: String,
        _ function: String,
        _ parameters: [(name: String, defaultValue: LibraryValue?)],
        make: @escaping Make
    ) {
        self.name = name
        self.function = function
        self.parameters = parameters
        self.make = make
    }

    /// What `get_scheduler` takes for every name and does not pass on to some.
    static let unused: [(name: String, defaultValue: LibraryValue?)] = [
        ("num_warmup_steps", .null), ("num_training_steps", .null),
    ]

    /// The rise that all share: t / max(1, w) below w.
    static func warmup(_ t: Double, _ steps: Double) -> Double? {
        t < steps ? t / max(1, steps) : nil
    }
}
