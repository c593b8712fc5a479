internal import Foundation

/// The formulas to which every curve comes down, each of t, the step from the shape's own start.
///
/// All rates and lengths are numbers by now: rates absolute, lengths in steps.
enum Shape: Hashable, Sendable {
    /// The value itself.
    case constant(Double)
    /// A warm-up: from + (to − from) · s((t+1)/(steps+1)).
    case rise(from: Double, to: Double, steps: Double, shape: Warmup.Shape)
    /// A way between two values: from · s + to · (1 − s), s the share at min(t/over, 1)^k.
    case passage(from: Double, to: Double, over: Double, progressPower: Double, Passage)
    /// from · factor^(t/every).
    case exponential(from: Double, factor: Double, every: Double)
    /// from · factor^⌊t/every⌋.
    case staircase(from: Double, factor: Double, every: Double)
    /// from / (1 + factor · t/every).
    case inverseTime(from: Double, factor: Double, every: Double)
    /// from / (1 + factor · ⌊t/every⌋).
    case inverseStaircase(from: Double, factor: Double, every: Double)
    /// from / √(1 + t/timescale).
    case inverseSquareRoot(from: Double, timescale: Double)
    /// from · (1 + t/timescale)^(−power).
    case power(from: Double, timescale: Double, power: Double)
    /// peak · min(s/rise, √(rise/s)), s = t + 1.
    case noam(peak: Double, rise: Double)
    /// A wave that begins at `base` and reaches `crest` after `rise`.
    case wave(base: Double, crest: Double, rise: Double, fall: Double, Damping)
    /// Equal cosine cycles; the peak of cycle i is from · peakFactor^i, not below `to`.
    case cosineCycles(from: Double, to: Double, cycle: Double, peakFactor: Double)
    /// Reciprocal Chebyshev nodes in fractal order, each held for `every` steps.
    case chebyshev(peak: Double, ratio: Double, nodes: Int, every: Double)
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
            return from * pow(factor, Self.whole(t / every))
        case .inverseTime(let from, let factor, let every):
            return from / (1 + factor * (t / every))
        case .inverseStaircase(let from, let factor, let every):
            return from / (1 + factor * Self.whole(t / every))
        case .inverseSquareRoot(let from, let timescale):
            return from / (1 + t / timescale).squareRoot()
        case .power(let from, let timescale, let power):
            return from * pow(1 + t / timescale, -power)
        case .noam(let peak, let rise):
            let s = t + 1
            return peak * (s < rise ? s / rise : (rise / s).squareRoot())
        case .wave(let base, let crest, let rise, let fall, let damping):
            return Self.wave(t, base: base, crest: crest, rise: rise, fall: fall, damping)
        case .cosineCycles(let from, let to, let cycle, let peakFactor):
            let index = Self.whole(t / cycle)
            let top = max(peakFactor == 1 ? from : from * pow(peakFactor, index), to)
            let share = Passage.cosine.share(at: (t - index * cycle) / cycle)
            return top * share + to * (1 - share)
        case .chebyshev(let peak, let ratio, let nodes, let every):
            return Self.chebyshev(Int(t / every), peak: peak, ratio: ratio, nodes: nodes)
        case .feedback(let initial):
            return feedback ?? initial
        }
    }

    /// The whole part of a number of steps or cycles, which is below 2^63; a conversion takes less time than a
    /// call of `floor`.
    @inline(__always)
    private static func whole(_ count: Double) -> Double { Double(Int(count)) }

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
            return from + (to - from) * (1 - cosine(halfTurns: (t + 1) / (steps + 1))) / 2
        case .oneMinusSquareRoot:
            return from + (to - from) * (1 - (1 - (t + 1) / (steps + 1)).squareRoot())
        }
    }

    private static func wave(
        _ t: Double,
        base: Double,
        crest: Double,
        rise: Double,
        fall: Double,
        _ damping: Damping
    ) -> Double {
        let cycle = whole(t / (rise + fall))
        let place = t - cycle * (rise + fall)
        let height = place < rise ? place / rise : 1 - (place - rise) / fall
        let amplitude =
            switch damping {
            case .none: 1.0
            case .halving: pow(2, -cycle)
            case .exponential(let factor): pow(factor, t)
            }
        return base + (crest - base) * height * amplitude
    }

    /// The rate of a place in the fractal order of Agarwal, Goel & Zhang 2021: each doubling of the order
    /// puts the mirror image of every node after it.
    private static func chebyshev(
        _ place: Int,
        peak: Double,
        ratio: Double,
        nodes: Int
    ) -> Double {
        var place = place & (nodes - 1)
        var size = nodes
        var node = 0
        var sign = 1
        while size > 1 {
            if place & 1 == 1 {
                node += sign * (size - 1)
                sign = -sign
            }
            place >>= 1
            size >>= 1
        }
        let middle = (1 + 1 / ratio) / 2
        let radius = (1 - 1 / ratio) / 2
        let turn = cosine(halfTurns: (Double(node) + 0.5) / Double(nodes))
        return peak * (middle - radius) / (middle - radius * turn)
    }
}
