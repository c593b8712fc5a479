internal import Foundation

/// The formulas to which every curve comes down, each of t, the step from the shape's own start.
///
/// All rates and lengths are numbers by now: rates absolute, lengths in steps.
enum Shape: Hashable, Sendable {
    /// c.
    case constant(Double)
    /// A warm-up: from + (to − from) · s((t+1)/(steps+1)).
    case rise(from: Double, to: Double, steps: Double, shape: Warmup.Shape)
    /// A way between two values: from · s + to · (1 − s), s = share of x^k, x = min(t/over, 1).
    case passage(from: Double, to: Double, over: Double, progressPower: Double, Passage)
    /// from · factor^(t/every).
    case exponential(from: Double, factor: Double, every: Double)
    /// from · factor^⌊t/every⌋.
    case staircase(from: Double, factor: Double, every: Double)
    /// What the metrics have made of it; `initial` before any report.
    case feedback(initial: Double)

    @inline(__always)
    func value(at t: Double, feedback: Double?) -> Double {
        switch self {
        case .constant(let value):
            return value
        case .rise(let from, let to, let steps, let shape):
            return Self.rise(from: from, to: to, t: t, steps: steps, shape: shape)
        case .passage(let from, let to, let over, let progressPower, let passage):
            guard t < over else { return to }
            let x = progressPower == 1 ? t / over : pow(t / over, progressPower)
            let share = passage.share(at: x)
            return from * share + to * (1 - share)
        case .exponential(let from, let factor, let every):
            return from * pow(factor, t / every)
        case .staircase(let from, let factor, let every):
            return from * pow(factor, (t / every).rounded(.down))
        case .feedback(let initial):
            return feedback ?? initial
        }
    }

    private static func rise(
        from: Double,
        to: Double,
        t: Double,
        steps: Double,
        shape: Warmup.Shape
    ) -> Double {
        switch shape {
        case .linear:
            return from + (to - from) * (t + 1) / (steps + 1)
        case .cosine:
            return from + (to - from) * (1 - cos(.pi * (t + 1) / (steps + 1))) / 2
        case .oneMinusSquareRoot:
            return from + (to - from) * (1 - (1 - (t + 1) / (steps + 1)).squareRoot())
        }
    }
}

/// The course of a passage, as the share of the start value that is left at progress x in [0, 1]: 1 at 0, 0 at 1.
enum Passage: Hashable, Sendable {
    /// 1 − x.
    case linear
    /// (1 − x)^p.
    case polynomial(power: Double)
    /// ½ (1 + cos πx).
    case cosine

    @inline(__always)
    func share(at x: Double) -> Double {
        switch self {
        case .linear: 1 - x
        case .polynomial(let power): pow(1 - x, power)
        case .cosine: (1 + cos(.pi * x)) / 2
        }
    }
}
