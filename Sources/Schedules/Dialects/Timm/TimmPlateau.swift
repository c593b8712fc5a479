/// PlateauLRScheduler of timm: PyTorch's, blind during the warm-up.
struct TimmPlateau: LibraryScheduler {
    private let warmup: Double
    private let start: Double
    private let slope: Double
    private var optimizer: TorchOptimizer
    private var plateau: TorchPlateau
    private var epoch = 0.0

    init(_ arguments: LibraryArguments, rate: Double) throws(LibraryFailure) {
        plateau = try TorchPlateau(
            LibraryArguments(values: [
                "mode": arguments.value("mode"), "factor": arguments.value("decay_rate"),
                "patience": arguments.value("patience_t"),
                "threshold": arguments.value("threshold"), "threshold_mode": "rel",
                "cooldown": arguments.value("cooldown_t"), "min_lr": arguments.value("lr_min"),
                "eps": 1e-8,
            ])
        )
        warmup = try arguments.number("warmup_t")
        start = try arguments.number("warmup_lr_init")
        slope = warmup == 0 ? 1 : (rate - start) / warmup
        optimizer = TorchOptimizer(rate: rate)
        if warmup != 0 { optimizer.rate = start }
    }

    var rate: Double { optimizer.rate }
    var momentum: Double? { nil }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        epoch += 1
        if epoch <= warmup {
            optimizer.rate = start + epoch * slope
        } else if metric != nil {
            try plateau.step(&optimizer, metric: metric)
        }
    }

    mutating func multiplyRate(by factor: Double) {
        optimizer.rate *= factor
    }

    /// The saved state holds the best report alone; the counters begin anew.
    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard let saved = saved as? TimmPlateau else { return }
        optimizer = saved.optimizer
        epoch = saved.epoch
        if loadingState { plateau.best = saved.plateau.best }
    }
}
