import Foundation

/// A range with round marks on it.
struct FigureAxis {
    /// A mark with its text.
    struct Tick: Equatable {
        let value: Double
        let text: String
    }

    /// What the axis shows from end to end.
    let range: ClosedRange<Double>
    let ticks: [Tick]

    /// Marks at round numbers.
    ///
    /// - Parameters:
    ///   - low: The least value.
    ///   - high: The greatest value.
    ///   - isPadded: Whether the range ends at marks, so that the curve does not touch the edge.
    init(from low: Double, to high: Double, isPadded: Bool) {
        let high = high > low ? high : low + max(abs(low), 1)
        let step = Self.roundStep(high - low)
        let first = isPadded ? (low / step).rounded(.down) : (low / step).rounded(.up)
        let last = isPadded ? (high / step).rounded(.up) : (high / step).rounded(.down)
        range = isPadded ? first * step...last * step : low...high
        ticks = (0...max(0, Int(last - first))).map { index in
            let value = (first + Double(index)) * step
            return Tick(value: value, text: Self.text(value, step: step))
        }
    }

    /// Marks at powers of ten, and between them where there are few.
    ///
    /// - Parameters:
    ///   - low: The least logarithm to base 10.
    ///   - high: The greatest.
    init(logarithmsFrom low: Double, to high: Double) {
        let bottom = (low + 1e-9).rounded(.down)
        let top = max((high - 1e-9).rounded(.up), bottom + 1)
        let few = top - bottom <= 2
        let stride = max(1, ((top - bottom) / 8).rounded(.up))
        var ticks: [Tick] = []
        for decade in Swift.stride(from: bottom, through: top, by: stride) {
            for digit in few ? [1.0, 2, 5] : [1.0] {
                let place = decade + Self.logarithm(digit)
                guard place <= top + 1e-9 else { continue }
                ticks.append(Tick(value: place, text: NumberText.mark(digit * pow(10, decade))))
            }
        }
        range = bottom...top
        self.ticks = ticks
    }

    /// The share of the range that lies below a value.
    func share(of value: Double) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    static func logarithm(_ value: Double) -> Double { log10(value) }

    /// The step of 1, 2 or 5 times a power of ten that gives four to eight marks.
    private static func roundStep(_ span: Double) -> Double {
        let power = pow(10, (log10(span / 5)).rounded(.down))
        let rest = span / 5 / power
        return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10)
    }

    private static func text(_ value: Double, step: Double) -> String {
        let near = abs(value) < step / 1000 ? 0 : value
        if near == near.rounded(), abs(near) < 1e7, step >= 1 { return NumberText.count(Int(near)) }
        return NumberText.value(near)
    }
}
