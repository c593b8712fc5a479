/// The part of an optimizer's parameter group that schedulers read and write.
struct TorchOptimizer: Hashable, Sendable {
    /// `lr`.
    var rate: Double
    /// `defaults["lr"]`, which no scheduler changes.
    let defaultRate: Double
    /// `initial_lr`.
    var initialRate: Double?
    /// `max_lr` of OneCycleLR.
    var maximumRate = 0.0
    /// `min_lr` of OneCycleLR.
    var minimumRate = 0.0
    /// `momentum`, where a scheduler moves it.
    var momentum: Double?
    /// `max_momentum`.
    var maximumMomentum = 0.0
    /// `base_momentum`.
    var baseMomentum = 0.0

    init(rate: Double) {
        self.rate = rate
        defaultRate = rate
    }

    /// `group.setdefault("initial_lr", lr)`.
    mutating func settleInitialRate() -> Double {
        let rate = initialRate ?? rate
        initialRate = rate
        return rate
    }
}
