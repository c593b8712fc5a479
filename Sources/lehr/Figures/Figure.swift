/// Curves over updates, to be drawn into a file.
struct Figure {
    /// One curve with its name.
    struct Curve {
        let label: String
        let points: [Plot.Point]
    }

    /// What stands above the curves.
    let title: String
    let curves: [Curve]
    /// The updates that the width stands for.
    let steps: ClosedRange<Int>
    /// Whether equal heights stand for equal ratios; values that are not positive then leave a gap.
    var isLogarithmic = false
    /// What the heights are.
    var valueTitle = "learning rate"

    /// The heights of the figure: values, or their logarithms.
    func height(of value: Double) -> Double? {
        guard value.isFinite else { return nil }
        guard isLogarithmic else { return value }
        return value > 0 ? FigureAxis.logarithm(value) : nil
    }

    /// The axis of the values; from 0 where they are not logarithms and come near it.
    var valueAxis: FigureAxis {
        let heights = curves.flatMap { $0.points.compactMap { height(of: $0.value) } }
        let low = heights.min() ?? 0
        let high = heights.max() ?? 1
        return isLogarithmic
            ? FigureAxis(logarithmsFrom: low, to: high)
            : FigureAxis(from: low > 0 && low < high / 2 ? 0 : low, to: high, isPadded: true)
    }

    /// The axis of the updates.
    var stepAxis: FigureAxis {
        FigureAxis(from: Double(steps.lowerBound), to: Double(steps.upperBound), isPadded: false)
    }
}
