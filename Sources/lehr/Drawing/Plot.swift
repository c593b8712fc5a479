import Foundation

/// A curve over steps with its axes, in lines of text.
///
/// The values' range is marked at the top and the bottom of the left axis, the steps' range under the
/// curve. Values that are not finite leave a gap.
struct Plot {
    /// A point of the curve.
    struct Point {
        let step: Int
        let value: Double
    }

    /// The points by ascending step.
    var points: [Point]
    /// The steps that the width stands for.
    var steps: ClosedRange<Int>
    /// Whether a value holds until the next one, as a rate does, or leads to it in a straight line.
    var isStaircase = false
    /// Whether equal heights stand for equal ratios; values that are not positive then leave a gap.
    var isLogarithmic = false

    /// How wide the marks of the left axis are.
    private static let margin = 10

    /// Makes a plot of one value per step from 0.
    init(values: [Double]) {
        points = values.enumerated().map { Point(step: $0.offset, value: $0.element) }
        steps = 0...max(values.count - 1, 0)
    }

    /// Makes a plot of points.
    init(points: [Point], steps: ClosedRange<Int>) {
        self.points = points
        self.steps = steps
    }

    /// The plot in `width` columns, with `height` rows for the curve and one or two for the lower axis.
    func lines(width: Int, height: Int) -> [String] {
        let columns = max(width - Self.margin - 1, 8)
        let rows = max(height, 2)
        guard let range = range else {
            return ["\(Self.padded("")) no values yet"]
        }
        var canvas = BrailleCanvas(columns: columns, rows: rows)
        draw(on: &canvas, range)
        var lines = canvas.rows.enumerated().map { index, row in
            let label =
                index == 0
                ? mark(range.upperBound) : index == rows - 1 ? mark(range.lowerBound) : ""
            return "\(Self.padded(label))\(label.isEmpty ? "│" : "┤")\(row)".trimmingTrailingSpaces
        }
        lines.append("\(Self.padded(""))└\(String(repeating: "─", count: columns))")
        lines.append(axis(columns: columns))
        return lines
    }

    /// The range of what is drawn: values, or their logarithms; `nil` where nothing can be drawn.
    private var range: ClosedRange<Double>? {
        let heights = points.compactMap { height(of: $0.value) }
        guard let low = heights.min(), let high = heights.max() else { return nil }
        return low...high
    }

    private func height(of value: Double) -> Double? {
        guard value.isFinite else { return nil }
        guard isLogarithmic else { return value }
        return value > 0 ? log10(value) : nil
    }

    private func mark(_ height: Double) -> String {
        NumberText.mark(isLogarithmic ? pow(10, height) : height)
    }

    private func draw(on canvas: inout BrailleCanvas, _ range: ClosedRange<Double>) {
        let span = range.upperBound - range.lowerBound
        let length = Double(max(steps.upperBound - steps.lowerBound, 1))
        var last: (x: Int, y: Int)?
        for point in points {
            guard let height = height(of: point.value) else {
                last = nil
                continue
            }
            let across = Double(point.step - steps.lowerBound) / length
            let up = span > 0 ? (height - range.lowerBound) / span : 0
            let x = Int((across * Double(canvas.width - 1)).rounded())
            let y = Int((up * Double(canvas.height - 1)).rounded())
            let start = last ?? (x, y)
            if isStaircase {
                canvas.line(fromX: start.x, y: start.y, toX: x, y: start.y)
                canvas.line(fromX: x, y: start.y, toX: x, y: y)
            } else {
                canvas.line(fromX: start.x, y: start.y, toX: x, y: y)
            }
            last = (x, y)
        }
    }

    private func axis(columns: Int) -> String {
        let first = NumberText.count(steps.lowerBound)
        let number = NumberText.count(steps.upperBound)
        let last = first.count + number.count + 6 > columns ? number : "step \(number)"
        let gap = max(columns - first.count - last.count, 1)
        return "\(Self.padded("")) \(first)\(String(repeating: " ", count: gap))\(last)"
    }

    private static func padded(_ text: String) -> String {
        String(repeating: " ", count: max(margin - 1 - text.count, 0)) + text
            + " "
    }
}

extension String {
    /// The text without the spaces at its end.
    var trimmingTrailingSpaces: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
