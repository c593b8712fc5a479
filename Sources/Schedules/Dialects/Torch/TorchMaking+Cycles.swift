internal import Foundation

extension TorchMaking {
    /// The schedulers that go around, and the one-cycle.
    static let cycles: [TorchMaking] = [cyclic, oneCycle, warmRestarts]

    private static let cyclic = TorchMaking(
        "CyclicLR",
        [
            "base_lr": nil, "max_lr": nil, "step_size_up": 2000, "step_size_down": .null,
            "mode": "triangular", "gamma": 1, "cycle_momentum": true, "base_momentum": 0.8,
            "max_momentum": 0.9,
        ]
    ) { (arguments, optimizer) throws(LibraryFailure) in
        let base = try arguments.number("base_lr")
        let crest = try arguments.number("max_lr")
        let up = try arguments.number("step_size_up")
        let down = try arguments.optionalNumber("step_size_down") ?? up
        let mode = try arguments.choice(
            "mode",
            of: ["triangular", "triangular2", "exp_range"]
        )
        let gamma = try arguments.number("gamma")
        let movesMomentum = try arguments.flag("cycle_momentum")
        let low = try arguments.number("base_momentum")
        let high = try arguments.number("max_momentum")
        let total = up + down
        let ratio = try PythonNumber.divide(up, total)
        optimizer.rate = base
        if movesMomentum {
            optimizer.momentum = high
            optimizer.maximumMomentum = high
            optimizer.baseMomentum = low
        }
        return try TorchRule(&optimizer, base: base) {
            (epoch, base, optimizer, _) throws(LibraryFailure) in
            let cycle = (1 + epoch / total).rounded(.down)
            let x = 1 + epoch / total - cycle
            let height =
                x <= ratio
                ? try PythonNumber.divide(x, ratio) : try PythonNumber.divide(x - 1, ratio - 1)
            let scale: Double =
                switch mode {
                case "triangular2": try PythonNumber.divide(1, PythonNumber.power(2, cycle - 1))
                case "exp_range": try PythonNumber.power(gamma, epoch)
                default: 1
                }
            if movesMomentum { optimizer.momentum = high - (high - low) * height * scale }
            return base + (crest - base) * height * scale
        }
    }

    private static let oneCycle = TorchMaking(
        "OneCycleLR",
        [
            "max_lr": nil, "total_steps": .null, "epochs": .null, "steps_per_epoch": .null,
            "pct_start": 0.3, "anneal_strategy": "cos", "cycle_momentum": true,
            "base_momentum": 0.85, "max_momentum": 0.95, "div_factor": 25,
            "final_div_factor": 1e4, "three_phase": false,
        ]
    ) { (arguments, optimizer) throws(LibraryFailure) in
        let total = Double(try oneCycleSteps(arguments))
        let share = try arguments.number("pct_start")
        guard share >= 0, share <= 1 else {
            throw .value("pct_start must be between 0 and 1, got \(share.plain)")
        }
        let isLinear = try arguments.choice("anneal_strategy", of: ["cos", "linear"]) == "linear"
        let crest = try arguments.number("max_lr")
        let start = try PythonNumber.divide(crest, arguments.number("div_factor"))
        optimizer.initialRate = start
        optimizer.maximumRate = crest
        optimizer.minimumRate = try PythonNumber.divide(
            start,
            arguments.number("final_div_factor")
        )
        let movesMomentum = try arguments.flag("cycle_momentum")
        if movesMomentum {
            optimizer.maximumMomentum = try arguments.number("max_momentum")
            optimizer.baseMomentum = try arguments.number("base_momentum")
            optimizer.momentum = optimizer.maximumMomentum
        }
        let ends =
            try arguments.flag("three_phase")
            ? [share * total - 1, 2 * share * total - 2, total - 1]
            : [share * total - 1, total - 1]
        return try TorchRule(&optimizer) { (epoch, _, optimizer, _) throws(LibraryFailure) in
            guard epoch <= total else {
                throw .value("step \(Int(epoch)) is past the \(Int(total)) of total_steps")
            }
            let phase = ends.dropLast().firstIndex { epoch <= $0 } ?? ends.count - 1
            let begin = phase == 0 ? 0 : ends[phase - 1]
            let progress = try PythonNumber.divide(epoch - begin, ends[phase] - begin)
            func between(_ start: Double, _ end: Double) -> Double {
                isLinear
                    ? (end - start) * progress + start
                    : end + (start - end) / 2 * (cos(.pi * progress) + 1)
            }
            let (initial, top) = (optimizer.initialRate ?? start, optimizer.maximumRate)
            let (low, high) = (optimizer.baseMomentum, optimizer.maximumMomentum)
            let isLast = phase == ends.count - 1
            if movesMomentum {
                optimizer.momentum =
                    phase == 0
                    ? between(high, low) : phase == 1 ? between(low, high) : between(high, high)
            }
            if phase == 0 { return between(initial, top) }
            guard isLast else { return between(top, initial) }
            return between(phase == 1 ? top : initial, optimizer.minimumRate)
        }
    }

    private static func oneCycleSteps(
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> Int {
        if let total = try arguments.optionalInteger("total_steps") {
            guard total > 0 else { throw .value("total_steps must be positive, got \(total)") }
            return total
        }
        guard let epochs = try arguments.optionalInteger("epochs"),
            let perEpoch = try arguments.optionalInteger("steps_per_epoch")
        else { throw .value("total_steps, or epochs and steps_per_epoch, must be given") }
        guard epochs > 0, perEpoch > 0 else {
            throw .value(
                "epochs and steps_per_epoch must be positive, got \(epochs) and \(perEpoch)"
            )
        }
        return epochs * perEpoch
    }

    private static let warmRestarts = TorchMaking(
        "CosineAnnealingWarmRestarts",
        ["T_0": nil, "T_mult": 1, "eta_min": 0]
    ) { (arguments, optimizer) throws(LibraryFailure) in
        let first = try arguments.number("T_0")
        let factor = try arguments.number("T_mult")
        guard first > 0, first == first.rounded() else {
            throw .value("T_0 must be a positive integer, got \(first.plain)")
        }
        guard factor >= 1, factor == factor.rounded() else {
            throw .value("T_mult must be an integer of at least 1, got \(factor.plain)")
        }
        return try TorchWarmRestarts(
            &optimizer,
            first: first,
            factor: factor,
            least: arguments.number("eta_min")
        )
    }
}

/// CosineAnnealingWarmRestarts: absolute in the rate, with a clock of its own.
private struct TorchWarmRestarts: TorchScheduler {
    private let factor: Double
    private let least: Double
    private let base: Double
    private var epoch = -1
    private var place = -1.0
    private var length: Double

    init(
        _ optimizer: inout TorchOptimizer,
        first: Double,
        factor: Double,
        least: Double
    ) throws(LibraryFailure) {
        self.factor = factor
        self.least = least
        length = first
        base = optimizer.settleInitialRate()
        try stepInitially(&optimizer)
    }

    mutating func step(
        _ optimizer: inout TorchOptimizer,
        metric: Double?
    ) throws(LibraryFailure) {
        if epoch < 0 {
            epoch = 0
            place = 0
        } else {
            epoch += 1
            place += 1
            if place >= length {
                place = place.truncatingRemainder(dividingBy: length)
                length *= factor
            }
        }
        optimizer.rate = rate
    }

    mutating func stepInitially(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        try step(&optimizer, metric: nil)
    }

    mutating func enter(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        epoch = 0
        optimizer.rate = rate
    }

    mutating func undo() { epoch -= 1 }

    mutating func load(_ saved: any TorchScheduler) throws(LibraryFailure) {
        guard let saved = saved as? TorchWarmRestarts else {
            throw .type("the saved scheduler is of another kind")
        }
        self = saved
    }

    private var rate: Double { least + (base - least) * (1 + cos(.pi * place / length)) / 2 }
}
