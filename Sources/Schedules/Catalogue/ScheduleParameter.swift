/// A parameter of a schedule type: its name, what it holds, its default and its meaning.
public struct ScheduleParameter: Hashable, Sendable {
    /// What holds where a parameter is left out.
    public enum Default: Hashable, Sendable {
        /// It must be given.
        case required
        /// This value.
        case value(ParameterValue)
        /// What follows from the other fields or the run, in words.
        case derived(String)
    }

    /// The name in the written form, `snake_case`.
    public let name: String
    /// What it holds.
    public let kind: ParameterKind
    /// What holds where it is left out.
    public let defaultValue: Default
    /// The meaning, in a sentence.
    public let summary: String

    init(_ name: String, _ kind: ParameterKind, default value: Default, _ summary: String) {
        self.name = name
        self.kind = kind
        defaultValue = value
        self.summary = summary
    }

    /// The default in words: `required`, the value, or what it follows from.
    public var defaultDescription: String {
        switch defaultValue {
        case .required: "required"
        case .value(let value): value.description
        case .derived(let words): words
        }
    }

    /// What is wrong with `value` as this parameter; empty where nothing is.
    public func faults(in value: ParameterValue) -> [ScheduleError] {
        kind.faults(in: value, at: FieldPath([.key(name)]))
    }
}

extension ScheduleParameter {
    /// Where a fall ends: `to`, 0 by default.
    static let to = ScheduleParameter(
        "to",
        .target,
        default: .value(.target(.value(0))),
        "The rate that is reached at the end of `over` and held after it."
    )

    /// How long a fall takes: `over`, the rest of the run or phase by default.
    static let over = ScheduleParameter(
        "over",
        .length,
        default: .derived("the rest of the run or of the enclosing phase"),
        "How long the way to the end value takes, counted after the warm-up."
    )

    /// The exponent of the progress: `progress_power`, 1 by default.
    static let progressPower = ScheduleParameter(
        "progress_power",
        .number(.positive),
        default: .value(.number(1)),
        "The k of k-decay: the progress x is replaced by x^k; above 1 the rate stays high for longer."
    )

    /// After how long a factor is applied: `every`, one epoch by default.
    static func every(_ summary: String) -> ScheduleParameter {
        ScheduleParameter("every", .length, default: .value(.length(.epochs(1))), summary)
    }
}
