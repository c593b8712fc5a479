/// A scheduler that derives the next rate from the count of calls and the optimizer's present rate.
///
/// PyTorch keeps two forms of most of them: a recursive one for `step()`, in which a change by hand lives on as a
/// factor, and a closed one by which a sequence enters the scheduler.
struct TorchRule: TorchScheduler {
    /// The rate for the call `epoch`.
    typealias Next =
        @Sendable (
            _ epoch: Double, _ base: Double, _ optimizer: inout TorchOptimizer, _ isInitial: Bool
        ) throws(LibraryFailure) -> Double
    /// The rate for the call `epoch` as a function of it alone.
    typealias ClosedForm =
        @Sendable (_ epoch: Double, _ base: Double) throws(LibraryFailure) -> Double

    /// `base_lrs[0]`.
    private var base: Double
    /// `last_epoch`.
    private var epoch = -1
    private let next: Next
    private let closedForm: ClosedForm?
    /// Whether the parameters belong to the saved state; those of plain functions do not.
    private let savesParameters: Bool

    /// Makes the scheduler and takes its first step.
    init(
        _ optimizer: inout TorchOptimizer,
        base: Double? = nil,
        savesParameters: Bool = true,
        closedForm: ClosedForm? = nil,
        next: @escaping Next
    ) throws(LibraryFailure) {
        self.base = optimizer.settleInitialRate()
        self.next = next
        self.closedForm = closedForm
        self.savesParameters = savesParameters
        try stepInitially(&optimizer)
        if let base { self.base = base }
    }

    mutating func step(
        _ optimizer: inout TorchOptimizer,
        metric: Double?
    ) throws(LibraryFailure) {
        epoch += 1
        optimizer.rate = try next(Double(epoch), base, &optimizer, false)
    }

    mutating func stepInitially(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        epoch += 1
        optimizer.rate = try next(Double(epoch), base, &optimizer, true)
    }

    mutating func enter(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        epoch = 0
        if let closedForm {
            optimizer.rate = try closedForm(0, base)
        } else {
            optimizer.rate = try next(0, base, &optimizer, false)
        }
    }

    mutating func undo() {
        epoch -= 1
    }

    mutating func load(_ saved: any TorchScheduler) throws(LibraryFailure) {
        guard let saved = saved as? TorchRule else {
            throw .type("the saved scheduler is of another kind")
        }
        if saved.savesParameters {
            self = saved
        } else {
            base = saved.base
            epoch = saved.epoch
        }
    }
}
