/// What a plateau rule remembers between reports.
public struct PlateauState: Hashable, Sendable, Codable {
    /// The fed-back rate now in force.
    public private(set) var value: Double
    /// The best report so far; `nil` before the first number.
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

    /// Takes a report: the report after `patience` ones without improvement reduces, and begins the cooldown.
    mutating func report(
        _ metric: Double,
        mode: FeedbackRule.Mode,
        rule: PlateauRule,
        floor: Double
    ) -> FeedbackChange? {
        let improves = best.map { rule.isImprovement(metric, on: $0, mode: mode) } ?? true
        if metric.isFinite, improves {
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
        let waited = badReports
        cooldownLeft = rule.cooldown
        badReports = 0
        let before = value
        value = max(before * rule.factor, floor)
        guard value < before else {
            value = before
            return nil
        }
        let record = best.map { "best \($0.brief) not beaten" } ?? "no number reported"
        let reports = waited == 1 ? "1 report" : "\(waited) reports"
        return FeedbackChange(before: before, after: value, reason: "\(record) for \(reports)")
    }
}
