/// The checked arguments of a curve, with the defaults filled in; absent are those that the run decides.
///
/// A name or kind that the type's table does not have is a mistake of this module and traps.
struct Arguments: Hashable, Sendable {
    private(set) var values: [String: ParameterValue]

    func number(_ name: String) -> Double {
        guard case .number(let number)? = values[name] else { mistake(name) }
        return number
    }

    func count(_ name: String) -> Int {
        guard case .count(let count)? = values[name] else { mistake(name) }
        return count
    }

    func flag(_ name: String) -> Bool {
        guard case .flag(let flag)? = values[name] else { mistake(name) }
        return flag
    }

    func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice {
        guard let choice: Choice = optionalChoice(name) else { mistake(name) }
        return choice
    }

    func optionalChoice<Choice: RawRepresentable<String>>(_ name: String) -> Choice? {
        guard case .choice(let word)? = values[name] else { return nil }
        return Choice(rawValue: word)
    }

    func name(_ name: String) -> String {
        guard case .name(let text)? = values[name] else { mistake(name) }
        return text
    }

    func optionalLength(_ name: String) -> Length? {
        guard case .length(let length)? = values[name] else { return nil }
        return length
    }

    func length(_ name: String) -> Length {
        guard let length = optionalLength(name) else { mistake(name) }
        return length
    }

    func lengths(_ name: String) -> [Length] {
        guard case .lengths(let lengths)? = values[name] else { mistake(name) }
        return lengths
    }

    func target(_ name: String) -> Target {
        guard case .target(let target)? = values[name] else { mistake(name) }
        return target
    }

    func optionalTarget(_ name: String) -> Target? {
        guard case .target(let target)? = values[name] else { return nil }
        return target
    }

    func targets(_ name: String) -> [Target] {
        guard case .targets(let targets)? = values[name] else { mistake(name) }
        return targets
    }

    func momentum(_ name: String) -> MomentumRange? {
        guard case .momentum(let range)? = values[name] else { mistake(name) }
        return range
    }

    func knots(_ name: String) -> [Knot] {
        guard case .knots(let knots)? = values[name] else { mistake(name) }
        return knots
    }

    func phases(_ name: String) -> [Phase] {
        guard case .phases(let phases)? = values[name] else { mistake(name) }
        return phases
    }

    func factors(_ name: String) -> [Curve] {
        guard case .factors(let factors)? = values[name] else { mistake(name) }
        return factors
    }

    private func mistake(_ name: String) -> Never {
        preconditionFailure("no parameter \(name) of that kind in the type's table")
    }
}

extension Arguments {
    /// What is wrong with a parameter that only one choice of another takes.
    func companion(
        _ name: String,
        of choice: String,
        _ chosen: String,
        needed: Bool
    ) -> [ScheduleError] {
        switch (values[name], needed) {
        case (nil, true):
            [.conflict(FieldPath([.key(name)]), detail: "\(choice) \"\(chosen)\" needs it")]
        case (.some(let value), false):
            [
                .conflict(
                    FieldPath([.key(name)]),
                    detail: "\(value) has no meaning where \(choice) is \"\(chosen)\""
                )
            ]
        default: []
        }
    }
    /// The fault of a target above the peak.
    func excess(_ name: String, over peak: Double) -> [ScheduleError] {
        let rate = target(name).rate(peak: peak)
        guard rate > peak else { return [] }
        return [
            .conflict(
                FieldPath([.key(name)]),
                detail: "\(rate.plain) is above the learning_rate, \(peak.plain)"
            )
        ]
    }
}
