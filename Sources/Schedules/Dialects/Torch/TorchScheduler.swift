/// A scheduler of PyTorch's, over an optimizer that it shares with others.
protocol TorchScheduler: Sendable {
    /// `step()`.
    mutating func step(
        _ optimizer: inout TorchOptimizer,
        metric: Double?
    ) throws(LibraryFailure)
    /// `_initial_step()`: the step that the constructor makes.
    mutating func stepInitially(_ optimizer: inout TorchOptimizer) throws(LibraryFailure)
    /// `_update_lr(0)`: how a sequence enters a scheduler.
    mutating func enter(_ optimizer: inout TorchOptimizer) throws(LibraryFailure)
    /// What a sequence does to take back the step of the constructor.
    mutating func undo()
    /// `load_state_dict(saved.state_dict())`.
    mutating func load(_ saved: any TorchScheduler) throws(LibraryFailure)
}

/// A scheduler over an optimizer of its own.
struct TorchSession: LibraryScheduler {
    private var optimizer: TorchOptimizer
    private var scheduler: any TorchScheduler

    init(
        rate: Double,
        _ make: (inout TorchOptimizer) throws(LibraryFailure) -> any TorchScheduler
    ) throws(LibraryFailure) {
        optimizer = TorchOptimizer(rate: rate)
        scheduler = try make(&optimizer)
    }

    var rate: Double { optimizer.rate }
    var momentum: Double? { optimizer.momentum }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        try scheduler.step(&optimizer, metric: metric)
    }

    mutating func multiplyRate(by factor: Double) {
        optimizer.rate *= factor
    }

    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard let saved = saved as? TorchSession else { return }
        optimizer = saved.optimizer
        if loadingState { try scheduler.load(saved.scheduler) }
    }
}
