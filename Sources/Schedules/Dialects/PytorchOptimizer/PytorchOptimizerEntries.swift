internal import Foundation

extension LibraryEntry {
    /// The schedulers of `pytorch_optimizer.lr_scheduler` that are its own.
    static let pytorchOptimizer: [LibraryEntry] = [
        LibraryEntry("REXScheduler", ["total_steps": nil, "max_lr": 1, "min_lr": 0]) {
            (arguments, _) throws(LibraryFailure) in
            let total = try arguments.number("total_steps")
            let most = try arguments.number("max_lr")
            let least = try arguments.number("min_lr")
            // The constructor steps once and users step before each update, so update 0 has the curve at 1.
            var scheduler = PytorchOptimizerScheduler(initial: least) { t in
                guard t < total else { return least }
                let x = t / total
                return least + (most - least) * ((1 - x) / (1 - x / 2))
            }
            try scheduler.step(metric: nil)
            return scheduler
        },
        LibraryEntry(
            "chebyshev",
            aliases: ["get_chebyshev_schedule"],
            ["num_epochs": nil, "is_warmup": false]
        ) { (arguments, setting) throws(LibraryFailure) in
            let rate = try setting.rate()
            let factors = try chebyshevFactors(arguments.integer("num_epochs"))
            let isFlat = try arguments.flag("is_warmup")
            return try TorchSession(rate: rate) { (optimizer) throws(LibraryFailure) in
                try TorchRule(&optimizer, savesParameters: false) { epoch, base, _, _ in
                    let place = min(max(Int(epoch) - 2, 0), factors.count - 1)
                    return isFlat ? base : base * factors[place]
                }
            }
        },
        stableDecay,
        warmed("LinearScheduler", []) { (_) throws(LibraryFailure) in
            { x, _, most, least in most + (least - most) * x }
        },
        warmed("CosineScheduler", []) { (_) throws(LibraryFailure) in
            { x, _, most, least in least + (most - least) * (cos(x * .pi) + 1) / 2 }
        },
        warmed("PolyScheduler", [("poly_order", 0.5)]) { (arguments) throws(LibraryFailure) in
            let power = try arguments.number("poly_order")
            guard power > 0 else {
                throw .value("poly_order must be positive, got \(power.plain)")
            }
            return { _, elapsed, most, least in least + (most - least) * pow(elapsed, power) }
        },
        LibraryEntry(
            "CosineAnnealingWarmupRestarts",
            [
                "first_cycle_steps": nil, "cycle_mult": 1, "max_lr": 1e-4, "min_lr": 1e-6,
                "warmup_steps": 0, "gamma": 0.9, "last_epoch": -1,
            ]
        ) { (arguments, _) throws(LibraryFailure) in try WarmupRestarts(arguments) },
    ]

    private static let stableDecay = LibraryEntry(
        "get_wsd_schedule",
        aliases: ["warmup_stable_decay"],
        [
            "num_warmup_steps": nil, "num_stable_steps": nil, "num_decay_steps": nil,
            "min_lr_ratio": 0, "num_cycles": 0.5, "cooldown_type": "1-sqrt", "last_epoch": -1,
        ]
    ) { (arguments, setting) throws(LibraryFailure) in
        let rise = try arguments.number("num_warmup_steps")
        let stable = try arguments.number("num_stable_steps")
        let fall = try arguments.number("num_decay_steps")
        let share = try arguments.number("min_lr_ratio")
        let cycles = try arguments.number("num_cycles")
        let shape = try arguments.choice(
            "cooldown_type",
            of: ["cosine", "1-sqrt", "linear", "1-square"]
        )
        return try TorchSession(rate: setting.rate()) { (optimizer) throws(LibraryFailure) in
            try TorchRule(&optimizer, savesParameters: false) { t, base, _, _ in
                if t < rise { return base * (t / max(1, rise)) }
                if t < rise + stable { return base }
                guard t < rise + stable + fall else { return base * share }
                let x = (t - rise - stable) / fall
                switch shape {
                case "cosine":
                    let wave = max(0, 0.5 * (1 + cos(.pi * cycles * 2 * x)))
                    return base * ((1 - share) * wave + share)
                case "1-sqrt": return base * (1 - x.squareRoot())
                case "1-square": return base * (1 - x * x)
                default: return base * (1 - x)
                }
            }
        }
    }

    private typealias Fall =
        @Sendable (_ x: Double, _ elapsed: Double, _ most: Double, _ least: Double) -> Double

    /// A scheduler with the library's linear warm-up and a fall after it.
    private static func warmed(
        _ name: String,
        _ others: [(name: String, defaultValue: LibraryValue?)],
        _ fall: @escaping @Sendable (LibraryArguments) throws(LibraryFailure) -> Fall
    ) -> LibraryEntry {
        LibraryEntry(
            name,
            parameters: [
                ("t_max", nil), ("max_lr", nil), ("min_lr", 0), ("init_lr", 0),
                ("warmup_steps", 0),
            ] + others
        ) { (arguments, _) throws(LibraryFailure) in
            let total = try arguments.number("t_max")
            let most = try arguments.number("max_lr")
            let least = try arguments.number("min_lr")
            let start = try arguments.number("init_lr")
            let warmup = try arguments.number("warmup_steps")
            guard [total, most, least, start, warmup].allSatisfy({ $0 >= 0 }) else {
                throw .value("rates and steps must not be negative")
            }
            let fall = try fall(arguments)
            return PytorchOptimizerScheduler(initial: least) { (call) throws(LibraryFailure) in
                let t = call - 1
                if t < warmup { return start + (most - start) * t / warmup }
                if t == warmup { return most }
                let x = try PythonNumber.divide(t - warmup, total - warmup)
                return fall(x, t - warmup, most, least)
            }
        }
    }

    /// The multipliers in fractal order, of the next power of two.
    static func chebyshevFactors(_ epochs: Int) throws(LibraryFailure) -> [Double] {
        guard epochs >= 1, epochs <= 1 << 20 else {
            throw .index("num_epochs must be positive and at most \(1 << 20), got \(epochs)")
        }
        var size = 1
        while size < epochs { size *= 2 }
        let nodes = (0..<size).map { index in
            let angle = (Double(index) + 0.5) * .pi / Double(size)
            return 1 / ((1 + 0.05) / 2 - (1 - 0.05) / 2 * cos(angle))
        }
        var order = [0]
        while order.count < size - 2 {
            let last = 2 * order.count - 1
            order = order.flatMap { [$0, last - $0] }
        }
        return order.filter { $0 < size }.map { nodes[$0] }
    }
}

/// A scheduler whose calls are counted and whose rate before the first call is a fixed one.
struct PytorchOptimizerScheduler: LibraryScheduler {
    private var value: @Sendable (Double) throws(LibraryFailure) -> Double
    private var calls = 0.0
    private(set) var rate: Double

    init(
        initial: Double,
        _ value: @escaping @Sendable (_ call: Double) throws(LibraryFailure) -> Double
    ) {
        self.value = value
        rate = initial
    }

    var momentum: Double? { nil }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        calls += 1
        rate = try value(calls)
    }

    mutating func multiplyRate(by factor: Double) {
        rate *= factor
    }

    /// The saved state is every attribute, the parameters among them.
    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard let saved = saved as? PytorchOptimizerScheduler else { return }
        if loadingState {
            self = saved
        } else {
            rate = saved.rate
        }
    }
}
