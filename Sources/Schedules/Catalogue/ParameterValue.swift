/// A value of one of the kinds that parameters of schedules have.
public enum ParameterValue: Hashable, Sendable {
    /// A number.
    case number(Double)
    /// A whole number.
    case count(Int)
    /// A truth value.
    case flag(Bool)
    /// One of a few words.
    case choice(String)
    /// A text.
    case name(String)
    /// A length.
    case length(Length)
    /// Several lengths, in rising order.
    case lengths([Length])
    /// A rate or a share of the peak.
    case target(Target)
    /// Several targets.
    case targets([Target])
    /// A momentum that moves against the rate; `nil` for one that stays.
    case momentum(MomentumRange?)
    /// Points of a drawn curve.
    case knots([Knot])
    /// Phases that follow each other.
    case phases([Phase])
    /// Curves that are multiplied.
    case factors([Curve])
}

extension ParameterValue: CustomStringConvertible {
    /// The value as a sentence names it.
    public var description: String {
        switch self {
        case .number(let number): number.plain
        case .count(let count): "\(count)"
        case .flag(let flag): "\(flag)"
        case .choice(let text), .name(let text): "\"\(text)\""
        case .length(let length): length.description
        case .lengths(let lengths): "\(lengths)"
        case .target(let target): target.description
        case .targets(let targets): "\(targets)"
        case .momentum(let range): range.map { "\($0.high) to \($0.low)" } ?? "null"
        case .knots(let knots): "\(knots.count) knots"
        case .phases(let phases): "\(phases.count) phases"
        case .factors(let factors): "\(factors.count) factors"
        }
    }
}

extension ParameterValue: Encodable {
    /// Writes the value as the parameter is written in JSON.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .count(let count): try container.encode(count)
        case .flag(let flag): try container.encode(flag)
        case .choice(let text), .name(let text): try container.encode(text)
        case .length(let length): try container.encode(length)
        case .lengths(let lengths): try container.encode(lengths)
        case .target(let target): try container.encode(target)
        case .targets(let targets): try container.encode(targets)
        case .momentum(let range): try container.encode(range)
        case .knots(let knots): try container.encode(knots)
        case .phases(let phases): try container.encode(phases)
        case .factors(let factors): try container.encode(factors)
        }
    }
}
