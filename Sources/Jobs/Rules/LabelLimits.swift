/// How many jobs with a label may hold a lease at once.
package struct LabelLimit: Hashable, Sendable {
    /// The label's name.
    package let key: String
    /// The label's text; nil where the limit is for each text of the name by itself.
    package let value: String?
    /// The most jobs; at least 1.
    package let count: Int

    /// A limit; `count` must be at least 1.
    package init(key: String, value: String?, count: Int) {
        precondition(count >= 1, "a limit lets at least one job run")
        self.key = key
        self.value = value
        self.count = count
    }
}

/// The limits that a grant of a lease observes.
///
/// A limit for a text goes before the one for each text of the same name. A job with several limited
/// labels waits for all of them.
package struct LabelLimits: Hashable, Sendable {
    /// No limits.
    package static let none = LabelLimits([])

    /// The limits, each name and text once.
    package let limits: [LabelLimit]

    /// Some limits.
    package init(_ limits: [LabelLimit]) {
        self.limits = limits
    }

    /// The names of labels that have limits.
    package var keys: Set<String> { Set(limits.map(\.key)) }

    /// How many jobs with a label may hold a lease; nil for any number.
    package func maximum(for label: Label) -> Int? {
        let own = limits.first { $0.key == label.key && $0.value == label.value }
        return (own ?? limits.first { $0.key == label.key && $0.value == nil })?.count
    }

    /// The labels of which no further job may get a lease.
    ///
    /// - Parameter leased: How many jobs with each label hold a lease.
    /// - Returns: Those whose limit is reached.
    package func full(among leased: [Label: Int]) -> Set<Label> {
        Set(leased.filter { label, count in maximum(for: label).map { count >= $0 } ?? false }.keys)
    }
}

extension JobRecord {
    /// Whether none of the job's labels is among some.
    package func hasNone(of labels: Set<Label>) -> Bool {
        labels.isEmpty
            || self.labels.allSatisfy { !labels.contains(Label(key: $0.key, value: $0.value)) }
    }
}
