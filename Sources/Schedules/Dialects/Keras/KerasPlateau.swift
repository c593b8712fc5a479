/// The callback ReduceLROnPlateau of Keras, whose optimizer keeps the rate in 32 bits.
struct KerasPlateau: LibraryScheduler {
    private let isMinimum: Bool
    private let factor: Double
    private let patience: Double
    private let margin: Double
    private let cooldown: Double
    private let least: Double
    private var stored: Float
    private var best: Double?
    private var wait = 0.0
    private var cooldownLeft = 0.0

    init(_ arguments: LibraryArguments, rate: Double) throws(LibraryFailure) {
        factor = try arguments.number("factor")
        guard factor < 1 else { throw .value("factor must be below 1, got \(factor.plain)") }
        patience = try arguments.number("patience")
        margin = abs(try arguments.number("min_delta"))
        cooldown = try arguments.number("cooldown")
        least = try arguments.number("min_lr")
        let mode = try arguments.choice("mode", of: ["auto", "min", "max"])
        let monitor = try arguments.text("monitor")
        isMinimum =
            mode == "auto" ? FeedbackRule.Mode(monitor: monitor) == .minimum : mode == "min"
        stored = Float(rate)
    }

    var rate: Double { Double(stored) }
    var momentum: Double? { nil }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        guard let metric else { throw .type("on_epoch_end requires a metric") }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            wait = 0
        }
        if isImprovement(metric) {
            best = metric
            wait = 0
        } else if cooldownLeft == 0 {
            wait += 1
            if wait >= patience, stored > Float(least) {
                stored = Float(max(rate * factor, least))
                cooldownLeft = cooldown
                wait = 0
            }
        }
    }

    /// The first report is an improvement whatever it is.
    private func isImprovement(_ metric: Double) -> Bool {
        guard let best else { return true }
        return isMinimum ? metric + margin < best : metric - margin > best
    }

    mutating func multiplyRate(by factor: Double) {
        stored = Float(rate * factor)
    }

    /// The callback begins anew with each `fit`; the optimizer's rate alone is saved.
    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard let saved = saved as? KerasPlateau else { return }
        stored = saved.stored
    }
}
