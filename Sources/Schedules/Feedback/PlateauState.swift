/// What a plateau rule remembers between reports.
public struct PlateauState: Hashable, Sendable, Codable {
    /// The fed-back rate now in force.
    public private(set) var value: Double
    /// The best report so far; `nil` before the first finite one.
    public private(set) var best: Double?
    /// The reports in a row that did not improve on the best.
    public private(set) var badReports = 0
    /// The reports that are still not counted as bad.
    public private(set) var cooldownLeft = 0

    init(value: Double) {
        self.value = value
    }

    private enum CodingKeys: String, CodingKey {
        case value, best
        case badReports = "bad_reports"
        case cooldownLeft = "cooldown_left"
    }

    /// Multiplies the rate, as when a reduction is undone.
    mutating func restore(_ factor: Double) {
        value *= factor
    }

    /// Takes a report: the report after `patience` ones without improvement reduces, and begins the cooldown.
    mutating func report(
        _ metric: Double,
        mode: FeedbackRule.Mode,
        rule: PlateauRule,
        floor: Double
    ) -> FeedbackChange? {
        if rule.margin.isImprovement(metric, on: best, mode: mode) {
            best = metric
            badReports = 0
        } else {
            badReports += 1
        }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            badReports = 0
        }
        guard badReports > rule.patience else { return nil }
        let record = best.map { "best \($0.brief) not beaten" } ?? "no number reported"
        let reason = "\(record) for \(badReports) report\(badReports == 1 ? "" : "s")"
        cooldownLeft = rule.cooldown
        badReports = 0
        let before = value
        let after = max(before * rule.factor, floor)
        guard after < before else { return nil }
        value = after
        return FeedbackChange(kind: .reduction, before: before, after: after, reason: reason)
    }
}
