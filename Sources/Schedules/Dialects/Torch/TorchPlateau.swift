extension TorchMaking {
    static let reduceOnPlateau = TorchMaking(
        "ReduceLROnPlateau",
        followsMetric: true,
        [
            "mode": "min", "factor": 0.1, "patience": 10, "threshold": 1e-4,
            "threshold_mode": "rel", "cooldown": 0, "min_lr": 0, "eps": 1e-8,
        ]
    ) { (arguments, _) throws(LibraryFailure) in try TorchPlateau(arguments) }
}

/// What counts as better in PyTorch's and its followers' plateau schedulers.
struct TorchBetter: Hashable, Sendable {
    private let isMinimum: Bool
    private let isRelative: Bool
    private let threshold: Double

    init(_ arguments: LibraryArguments) throws(LibraryFailure) {
        isMinimum = try arguments.choice("mode", of: ["min", "max"]) == "min"
        isRelative = try arguments.choice("threshold_mode", of: ["rel", "abs"]) == "rel"
        threshold = try arguments.number("threshold")
    }

    /// The best before any report.
    var worst: Double { isMinimum ? .infinity : -.infinity }

    func callAsFunction(_ metric: Double, than best: Double) -> Bool {
        switch (isMinimum, isRelative) {
        case (true, true): metric < best * (1 - threshold)
        case (true, false): metric < best - threshold
        case (false, true): metric > best * (threshold + 1)
        case (false, false): metric > best + threshold
        }
    }
}

/// ReduceLROnPlateau.
struct TorchPlateau: TorchScheduler {
    private let isBetter: TorchBetter
    private let factor: Double
    private let patience: Double
    private let cooldown: Double
    private let least: Double
    private let epsilon: Double
    /// The best report; it alone is in timm's saved state.
    var best: Double
    private var badReports = 0.0
    private var cooldownLeft = 0.0

    init(_ arguments: LibraryArguments) throws(LibraryFailure) {
        isBetter = try TorchBetter(arguments)
        factor = try arguments.number("factor")
        guard factor < 1 else { throw .value("factor must be below 1, got \(factor.plain)") }
        patience = try arguments.number("patience")
        cooldown = try arguments.number("cooldown")
        least = try arguments.number("min_lr")
        epsilon = try arguments.number("eps")
        best = isBetter.worst
    }

    mutating func step(
        _ optimizer: inout TorchOptimizer,
        metric: Double?
    ) throws(LibraryFailure) {
        guard let metric else { throw .type("step() requires a metric") }
        if isBetter(metric, than: best) {
            best = metric
            badReports = 0
        } else {
            badReports += 1
        }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            badReports = 0
        }
        if badReports > patience {
            let reduced = max(optimizer.rate * factor, least)
            if optimizer.rate - reduced > epsilon { optimizer.rate = reduced }
            cooldownLeft = cooldown
            badReports = 0
        }
    }

    mutating func stepInitially(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {}

    mutating func enter(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        throw .value("ReduceLROnPlateau cannot be part of another scheduler")
    }

    mutating func undo() {}

    mutating func load(_ saved: any TorchScheduler) throws(LibraryFailure) {
        guard let saved = saved as? TorchPlateau else {
            throw .type("the saved scheduler is of another kind")
        }
        self = saved
    }
}
