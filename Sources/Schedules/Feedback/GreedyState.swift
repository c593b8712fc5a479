/// What a greedy rule remembers between reports.
public struct GreedyState: Hashable, Sendable, Codable {
    /// The fed-back rate now in force.
    public private(set) var value: Double
    /// The best smoothed report so far; `nil` before the first.
    public private(set) var best: Double?
    /// The improvements in a row.
    public private(set) var goodReports = 0
    /// The reports in a row without improvement.
    public private(set) var badReports = 0
    /// The reports that are still not seen.
    public private(set) var cooldownLeft = 0
    /// The falls at the floor since the last rise.
    public private(set) var fallsAtFloor = 0
    /// The last reports, oldest first, at most the rule's window.
    public private(set) var window: [Double] = []

    init(value: Double) {
        self.value = value
    }

    private enum CodingKeys: String, CodingKey {
        case value, best, window
        case goodReports = "good_reports"
        case badReports = "bad_reports"
        case cooldownLeft = "cooldown_left"
        case fallsAtFloor = "falls_at_floor"
    }

    /// Multiplies the rate, as when a reduction is undone.
    mutating func restore(_ factor: Double) {
        value *= factor
    }

    /// Takes a report: patience + 1 equal verdicts in a row move the rate and begin a cooldown.
    mutating func report(
        _ metric: Double,
        mode: FeedbackRule.Mode,
        rule: GreedyRule,
        floor: Double,
        initial: Double
    ) -> FeedbackChange? {
        let metric = smoothed(metric, over: rule.window)
        guard cooldownLeft == 0 else {
            cooldownLeft -= 1
            goodReports = 0
            badReports = 0
            return nil
        }
        if rule.margin.isImprovement(metric, on: best, mode: mode) {
            best = metric
            goodReports += 1
            badReports = 0
        } else {
            badReports += 1
            goodReports = 0
        }
        if goodReports > rule.patience { return rise(rule) }
        if badReports > rule.patience { return fall(rule, floor: floor, initial: initial) }
        return nil
    }

    private mutating func rise(_ rule: GreedyRule) -> FeedbackChange? {
        let reason = "\(goodReports) improvements in a row"
        goodReports = 0
        cooldownLeft = rule.riseCooldown
        fallsAtFloor = 0
        return change(to: min(value / rule.factor, rule.ceiling), .increase, reason)
    }

    private mutating func fall(
        _ rule: GreedyRule,
        floor: Double,
        initial: Double
    ) -> FeedbackChange? {
        let record = best.map { "best \($0.brief) not beaten" } ?? "no number reported"
        let reason = "\(record) for \(badReports) report\(badReports == 1 ? "" : "s")"
        badReports = 0
        cooldownLeft = rule.cooldown
        let change = change(to: max(value * rule.factor, floor), .reduction, reason)
        if value <= floor {
            fallsAtFloor += 1
            if fallsAtFloor >= rule.resetAfter {
                let before = change?.before ?? value
                self = GreedyState(value: initial)
                return FeedbackChange(
                    kind: .restart,
                    before: before,
                    after: initial,
                    reason: "\(rule.resetAfter) falls at the floor; everything begins anew"
                )
            }
        }
        return change
    }

    private mutating func change(
        to rate: Double,
        _ kind: RateEvent.Kind,
        _ reason: String
    ) -> FeedbackChange? {
        guard rate != value else { return nil }
        defer { value = rate }
        return FeedbackChange(kind: kind, before: value, after: rate, reason: reason)
    }

    /// The mean of the last finite reports; a report that is not finite is passed on alone.
    private mutating func smoothed(_ metric: Double, over count: Int) -> Double {
        guard count > 1, metric.isFinite else { return metric }
        window = window.suffix(count - 1) + [metric]
        return window.reduce(0, +) / Double(window.count)
    }
}
