/// GreedyLR: a rate that rises with improvements and falls without.
struct TransformersGreedy: LibraryScheduler {
    private let isBetter: TorchBetter
    private let factor: Double
    private let patience: Double
    private let cooldown: Double
    private let warmup: Double
    private let least: Double
    private let most: Double
    private let epsilon: Double
    private let window: Int?
    private let resetStart: Double
    private let initialRate: Double
    private(set) var rate: Double
    private var state: State

    /// What a reset puts back.
    private struct State: Sendable {
        var best: Double
        var goodReports = 0.0
        var badReports = 0.0
        var cooldownLeft = 0.0
        var warmupLeft = 0.0
        var resetsLeft: Double
        var values: [Double] = []
        var sum = 0.0
    }

    init(_ arguments: LibraryArguments, rate: Double) throws(LibraryFailure) {
        isBetter = try TorchBetter(arguments)
        factor = try arguments.number("factor")
        guard factor < 1 else { throw .value("factor must be below 1, got \(factor.plain)") }
        patience = try arguments.number("patience")
        cooldown = try arguments.number("cooldown")
        warmup = try arguments.number("warmup")
        least = try arguments.number("min_lr")
        most = try arguments.number("max_lr")
        epsilon = try arguments.number("eps")
        window = try arguments.flag("smooth") ? arguments.integer("window_size") : nil
        resetStart = try arguments.number("reset_start")
        initialRate = rate
        self.rate = rate
        state = State(best: isBetter.worst, resetsLeft: resetStart)
    }

    var momentum: Double? { nil }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        guard let metric else { throw .type("step() requires a metric") }
        let current = try smoothed(metric)
        if state.cooldownLeft > 0 {
            state.cooldownLeft -= 1
            state.badReports = 0
            state.goodReports = 0
        } else if state.warmupLeft > 0 {
            state.warmupLeft -= 1
            state.badReports = 0
            state.goodReports = 0
        } else {
            try judge(current)
        }
    }

    private mutating func judge(_ metric: Double) throws(LibraryFailure) {
        if isBetter(metric, than: state.best) {
            state.best = metric
            state.badReports = 0
            state.goodReports += 1
        } else {
            state.badReports += 1
            state.goodReports = 0
        }
        if state.goodReports > patience {
            let raised = min(try PythonNumber.divide(rate, factor), most)
            if raised - rate > epsilon { rate = raised }
            state.resetsLeft = resetStart
            state.warmupLeft = warmup
            state.goodReports = 0
        } else if state.badReports > patience {
            reduce()
            state.cooldownLeft = cooldown
            state.badReports = 0
        }
    }

    private mutating func reduce() {
        let reduced = max(rate * factor, least)
        if rate - reduced > epsilon { rate = reduced }
        guard rate <= least else { return }
        state.resetsLeft -= 1
        guard state.resetsLeft <= 0 else { return }
        rate = initialRate
        state = State(best: isBetter.worst, resetsLeft: resetStart)
    }

    private mutating func smoothed(_ metric: Double) throws(LibraryFailure) -> Double {
        guard let window else { return metric }
        state.values.append(metric)
        state.sum += metric
        if state.values.count > window { state.sum -= state.values.removeFirst() }
        return try PythonNumber.divide(state.sum, Double(state.values.count))
    }

    mutating func multiplyRate(by factor: Double) {
        rate *= factor
    }

    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard let saved = saved as? TransformersGreedy else { return }
        if loadingState {
            self = saved
        } else {
            rate = saved.rate
        }
    }
}
