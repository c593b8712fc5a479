internal import Foundation

extension LibraryEntry {
    /// The policies and annealers of `fastai.callback.schedule`; a call is a batch.
    static let fastai: [LibraryEntry] =
        [fastaiOneCycle, fastaiFlatCosine, fastaiRestarts, fastaiFineTune]
        + FastaiAnnealer.makings.map { making in
            LibraryEntry(making.name, parameters: making.parameters) {
                (arguments, setting) throws(LibraryFailure) in
                let annealer = try making.make(arguments)
                let last = Double(max(setting.steps - 1, 1))
                return try PositionScheduler(rate: { (position) throws(LibraryFailure) in
                    try annealer(Double(position) / last)
                })
            }
        }

    private static let fastaiOneCycle = LibraryEntry(
        "fit_one_cycle",
        [
            "n_epoch": nil, "lr_max": .null, "div": 25, "div_final": 1e5, "pct_start": 0.25,
            "moms": .list([0.95, 0.85, 0.95]), "batches_per_epoch": nil,
        ]
    ) { (arguments, setting) throws(LibraryFailure) in
        let peak = try fastaiRate(arguments, "lr_max", setting)
        let share = try arguments.number("pct_start")
        let momenta = try arguments.numbers("moms")
        guard momenta.count == 3 else {
            throw .type("moms must be three numbers, got \(momenta.count)")
        }
        let rate = try FastaiAnnealer.combinedCosine(
            share,
            try PythonNumber.divide(peak, arguments.number("div")),
            peak,
            try PythonNumber.divide(peak, arguments.number("div_final"))
        )
        let momentum = try FastaiAnnealer.combinedCosine(
            share,
            momenta[0],
            momenta[1],
            momenta[2]
        )
        let clock = try FastaiClock(arguments, epochs: arguments.integer("n_epoch"))
        return try PositionScheduler { (position) throws(LibraryFailure) in
            let place = clock.share(of: position)
            return (try rate(place), try momentum(place))
        }
    }

    private static let fastaiFlatCosine = LibraryEntry(
        "fit_flat_cos",
        [
            "n_epoch": nil, "lr": .null, "div_final": 1e5, "pct_start": 0.75,
            "batches_per_epoch": nil,
        ]
    ) { (arguments, setting) throws(LibraryFailure) in
        let peak = try fastaiRate(arguments, "lr", setting)
        let rate = try FastaiAnnealer.combinedCosine(
            arguments.number("pct_start"),
            peak,
            peak,
            PythonNumber.divide(peak, arguments.number("div_final"))
        )
        let clock = try FastaiClock(arguments, epochs: arguments.integer("n_epoch"))
        return try PositionScheduler(rate: { (position) throws(LibraryFailure) in
            try rate(clock.share(of: position))
        })
    }

    private static let fastaiRestarts = LibraryEntry(
        "fit_sgdr",
        [
            "n_cycles": nil, "cycle_len": nil, "lr_max": .null, "cycle_mult": 2,
            "batches_per_epoch": nil,
        ]
    ) { (arguments, setting) throws(LibraryFailure) in
        let peak = try fastaiRate(arguments, "lr_max", setting)
        let cycles = try arguments.integer("n_cycles")
        let length = try arguments.number("cycle_len")
        let growth = try arguments.number("cycle_mult")
        let epochs = try PythonNumber.divideDown(
            length * (PythonNumber.power(growth, Double(cycles)) - 1),
            growth - 1
        ).quotient
        guard let whole = Int(exactly: epochs) else {
            throw .type("the cycles make \(epochs.plain) epochs")
        }
        var shares: [Double] = []
        for cycle in 0..<max(cycles, 0) {
            shares.append(
                try PythonNumber.divide(
                    length * PythonNumber.power(growth, Double(cycle)),
                    epochs
                )
            )
        }
        let rate = try FastaiAnnealer.combined(
            shares,
            shares.map { _ in FastaiAnnealer.cosine(peak, 0) }
        )
        let clock = try FastaiClock(arguments, epochs: whole)
        return try PositionScheduler(rate: { (position) throws(LibraryFailure) in
            try rate(clock.share(of: position))
        })
    }

    /// The rates of the last parameter group: a frozen one-cycle, then one at half the rate.
    private static let fastaiFineTune = LibraryEntry(
        "fine_tune",
        [
            "epochs": nil, "base_lr": 2e-3, "freeze_epochs": 1, "lr_mult": 100,
            "pct_start": 0.3, "div": 5, "div_final": 1e5, "batches_per_epoch": nil,
        ]
    ) { (arguments, _) throws(LibraryFailure) in
        let base = try arguments.number("base_lr")
        let final = try arguments.number("div_final")
        let frozen = try FastaiAnnealer.combinedCosine(
            0.99,
            base / 25,
            base,
            PythonNumber.divide(base, final)
        )
        let half = base / 2
        let free = try FastaiAnnealer.combinedCosine(
            arguments.number("pct_start"),
            PythonNumber.divide(half, arguments.number("div")),
            half,
            PythonNumber.divide(half, final)
        )
        let first = try FastaiClock(arguments, epochs: arguments.integer("freeze_epochs"))
        let second = try FastaiClock(arguments, epochs: arguments.integer("epochs"))
        return try PositionScheduler(rate: { (position) throws(LibraryFailure) in
            position < first.batches
                ? try frozen(first.share(of: position))
                : try free(second.share(of: position - first.batches))
        })
    }

    /// The policy's own peak, or the learner's rate.
    private static func fastaiRate(
        _ arguments: LibraryArguments,
        _ name: String,
        _ setting: Setting
    ) throws(LibraryFailure) -> Double {
        if let rate = try arguments.optionalNumber(name) { return rate }
        return try setting.rate()
    }
}

/// How far a training is at a batch.
struct FastaiClock: Sendable {
    private let perEpoch: Int
    private let epochs: Int

    init(_ arguments: LibraryArguments, epochs: Int) throws(LibraryFailure) {
        perEpoch = try arguments.integer("batches_per_epoch")
        self.epochs = epochs
        guard perEpoch >= 1, epochs >= 0 else {
            throw .value(
                "batches_per_epoch must be at least 1 and the epochs at least 0, got \(perEpoch) "
                    + "and \(epochs)"
            )
        }
    }

    /// The batches of the training.
    var batches: Int { perEpoch * epochs }

    /// The share of the training that is done before a batch.
    func share(of batch: Int) -> Double {
        guard epochs > 0 else { return 0 }
        // fastai adds up the parts of an epoch one by one; the product differs by less than its 32-bit positions.
        let part = 1 / Double(perEpoch * epochs)
        return Double(batch / perEpoch) / Double(epochs) + Double(batch % perEpoch) * part
    }
}
