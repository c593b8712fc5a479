/// What a parameter of a schedule holds, and so how it is written and what it allows.
public enum ParameterKind: Hashable, Sendable {
    /// A number within bounds.
    case number(Bounds)
    /// A whole number from a least one on.
    case count(atLeast: Int)
    /// `true` or `false`.
    case flag
    /// One of a few words.
    case choice([String])
    /// A text that is not empty, such as a metric's name.
    case name
    /// A `Length`.
    case length
    /// Lengths in rising order: `{"epochs": [30, 60]}` or a list of lengths; at least one.
    case lengths
    /// A `Target`: a rate or a share of the peak.
    case target
    /// A list of `Target`, at least one.
    case targets
    /// A `MomentumRange`: `{"high": 0.95, "low": 0.85}`, or `null` for a momentum that stays.
    case momentum
    /// A list of `Knot` in rising order, at least one.
    case knots
    /// A list of `Phase`, at least one.
    case phases
    /// A list of curves without rates of their own, at least one.
    case factors

    /// The kind's name in the catalogue: `number`, `length`, ….
    public var name: String {
        switch self {
        case .number: "number"
        case .count: "count"
        case .flag: "flag"
        case .choice: "choice"
        case .name: "name"
        case .length: "length"
        case .lengths: "lengths"
        case .target: "target"
        case .targets: "targets"
        case .momentum: "momentum"
        case .knots: "knots"
        case .phases: "phases"
        case .factors: "factors"
        }
    }

    /// What a value must be, in words: `a number above 0 and at most 1`.
    public var requirement: String {
        switch self {
        case .number(let bounds): bounds.description
        case .count(let least): "a whole number of at least \(least)"
        case .flag: "true or false"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .name: "a text that is not empty"
        case .length:
            "a length such as {\"steps\": 500}, {\"epochs\": 5}, {\"fraction\": 0.1} or \"5ep\""
        case .lengths:
            "lengths in rising order such as {\"epochs\": [30, 60]} or [\"30ep\", \"90%\"]"
        case .target: "a rate of at least 0 or {\"fraction_of_peak\": 0.1}"
        case .targets: "a list of rates of at least 0 or of {\"fraction_of_peak\": 0.1}"
        case .momentum: "null or {\"high\": 0.95, \"low\": 0.85}"
        case .knots: "a list of knots such as {\"at\": {\"epochs\": 5}, \"rate\": 0.01}"
        case .phases: "a list of phases, each a schedule with a length"
        case .factors: "a list of curves, each an object with a type"
        }
    }

    /// What is wrong with `value` at `path`; empty where it is a value of this kind.
    func faults(in value: ParameterValue, at path: FieldPath) -> [ScheduleError] {
        func check(_ holds: Bool) -> [ScheduleError] {
            holds
                ? [] : [.outOfRange(path, value: value.description, requirement: requirement)]
        }
        switch (self, value) {
        case (.number(let bounds), .number(let number)): return check(bounds.contains(number))
        case (.count(let least), .count(let count)): return check(count >= least)
        case (.flag, .flag), (.momentum, .momentum): return []
        case (.choice(let words), .choice(let word)): return check(words.contains(word))
        case (.name, .name(let name)): return check(!name.isEmpty)
        case (.length, .length(let length)):
            return [length].faults(at: { _ in path }, allowsZero: false)
        case (.lengths, .lengths(let lengths)):
            return check(!lengths.isEmpty)
                + lengths.faults(at: path.appending(_:), allowsZero: false)
        case (.target, .target(let target)):
            return target.fault.map {
                [.outOfRange(path, value: $0.value, requirement: $0.requirement)]
            } ?? []
        case (.targets, .targets(let targets)):
            return check(!targets.isEmpty)
                + targets.enumerated().flatMap { index, target in
                    ParameterKind.target.faults(in: .target(target), at: path.appending(index))
                }
        case (.knots, .knots(let knots)):
            return check(!knots.isEmpty)
                + knots.map(\.at).faults(
                    at: { path.appending($0).appending("at") },
                    allowsZero: true
                )
                + knots.enumerated().flatMap { index, knot in
                    ParameterKind.target.faults(
                        in: .target(knot.rate),
                        at: path.appending(index).appending("rate")
                    )
                }
        case (.phases, .phases(let phases)): return check(!phases.isEmpty)
        case (.factors, .factors(let factors)): return check(!factors.isEmpty)
        default:
            return [.wrongKind(path, value: value.description, requirement: requirement)]
        }
    }
}

extension [Length] {
    /// The lengths that are none, and those of one unit that do not rise.
    fileprivate func faults(at path: (Int) -> FieldPath, allowsZero: Bool) -> [ScheduleError] {
        var faults: [ScheduleError] = []
        for (index, length) in enumerated() {
            if let fault = length.fault(allowsZero: allowsZero && index == 0) {
                faults.append(
                    .outOfRange(path(index), value: fault.value, requirement: fault.requirement)
                )
            } else if index > 0, self[index - 1].precedes(length) == false {
                faults.append(
                    .conflict(
                        path(index),
                        detail: "\(length) does not come after \(self[index - 1]), the one before"
                    )
                )
            }
        }
        return faults
    }
}
