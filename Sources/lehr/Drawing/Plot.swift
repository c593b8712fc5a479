import Foundation

/// Curves over steps with their axes, in lines of text.
///
/// The values' range is marked at the top and the bottom of the left axis, the steps' range under the
/// curve. Values that are not finite leave a gap.
struct Plot {
    /// A point of the curve.
    struct Point {
        let step: Int
        let value: Double
    }

    /// The points of each curve by ascending step.
    var curves: [[Point]]
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
        curves = [values.enumerated().map { Point(step: $0.offset, value: $0.element) }]
        steps = 0...max(values.count - 1, 0)
    }

    /// Makes a plot of points.
    init(points: [Point], steps: ClosedRange<Int>) {
        self.init(curves: [points], steps: steps)
    }

    /// Makes a plot of several curves.
    init(curves: [[Point]], steps: ClosedRange<Int>) {
        self.curves = curves
        self.steps = steps
    }

    /// What tells a curve from the others in the plot: its colour, or its letter where there are no colours.
    func key(_ curve: Int, ink: Ink) -> String {
        ink.isColored ? ink.paint("━━", Self.paint(curve)) : "\(Self.letter(curve))"
    }

    /// The plot in `width` columns, with `height` rows for the curves and one or two for the lower axis.
    func lines(width: Int, height: Int, ink: Ink = Ink(isColored: false)) -> [String] {
        let columns = max(width - Self.margin - 1, 8)
        let rows = max(height, 2)
        guard let range = range else {
            return ["\(Self.padded("")) no values yet"]
        }
        let canvases = curves.map { points in
            var canvas = BrailleCanvas(columns: columns, rows: rows)
            draw(points, on: &canvas, range)
            return canvas
        }
        var lines = text(of: canvases, columns: columns, rows: rows, ink: ink).enumerated().map {
            index,
            row in
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
        let heights = curves.flatMap { $0.compactMap { height(of: $0.value) } }
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

    /// The canvases over each other; a character has the colour of the last curve that passes it.
    private func text(
        of canvases: [BrailleCanvas],
        columns: Int,
        rows: Int,
        ink: Ink
    ) -> [String] {
        (0..<rows).map { row in
            (0..<columns).map { column -> String in
                let cells = canvases.map { $0.cell(column: column, row: row) }
                guard let top = cells.lastIndex(where: { $0 != 0 }) else { return " " }
                if canvases.count > 1, !ink.isColored, Self.isLettered(column, top, canvases.count)
                {
                    return String(Self.letter(top))
                }
                let character = BrailleCanvas.character(cells.reduce(0, |))
                return canvases.count > 1 ? ink.paint(character, Self.paint(top)) : character
            }.joined()
        }
    }

    /// Whether a curve shows its letter in a column; each has columns of its own.
    private static func isLettered(_ column: Int, _ curve: Int, _ count: Int) -> Bool {
        column % (8 * count) == 8 * curve + 4
    }

    private static func letter(_ curve: Int) -> Character {
        Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[curve % 26]
    }

    private static func paint(_ curve: Int) -> Paint {
        [Paint.accent, .doubtful, .good, .bad, .violet, .blue, .plain][curve % 7]
    }

    private func draw(
        _ points: [Point],
        on canvas: inout BrailleCanvas,
        _ range: ClosedRange<Double>
    ) {
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
