internal import Foundation

/// The course of a way between two values: the share of the start value that is left at progress x in [0, 1].
///
/// Every course is 1 at 0 and 0 at 1.
enum Passage: Hashable, Sendable {
    /// 1 − x.
    case linear
    /// (1 − x)^p.
    case polynomial(power: Double)
    /// ½ (1 + cos πx).
    case cosine
    /// 1 − √x.
    case oneMinusSquareRoot
    /// 1 − x^p.
    case oneMinusPower(power: Double)
    /// (r^x − r) / (1 − r).
    case exponential(ratio: Double)
    /// (1 − x) / (1 − x/2).
    case rational
    /// (tanh u − tanh(l + (u − l) x)) / (tanh u − tanh l).
    case hyperbolicTangent(lower: Double, upper: Double, start: Double, end: Double)

    /// The course along a hyperbolic tangent from `lower` to `upper`, with the values there worked out once.
    static func hyperbolicTangent(lower: Double, upper: Double) -> Passage {
        .hyperbolicTangent(lower: lower, upper: upper, start: tanh(lower), end: tanh(upper))
    }

    @inline(__always)
    func share(at x: Double) -> Double {
        switch self {
        case .linear: return 1 - x
        case .polynomial(let power): return pow(1 - x, power)
        case .cosine: return (1 + Schedules.cosine(halfTurns: x)) / 2
        case .oneMinusSquareRoot: return 1 - x.squareRoot()
        case .oneMinusPower(let power): return 1 - pow(x, power)
        case .exponential(let ratio): return (pow(ratio, x) - ratio) / (1 - ratio)
        case .rational: return (1 - x) / (1 - x / 2)
        case .hyperbolicTangent(let lower, let upper, let start, let end):
            return (end - tanh(lower + (upper - lower) * x)) / (end - start)
        }
    }
}
