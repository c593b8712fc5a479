/// What a figure consists of once it has its size: lines, texts and curves, in drawing order.
struct FigureLayout {
    typealias Place = (x: Double, y: Double)

    /// In which colour something is drawn.
    enum Tone: Hashable {
        case background, grid, axis, text, faintText
        /// The colour of the curve at that place.
        case curve(Int)
    }

    /// Which end of a text stands at its place.
    enum Anchor: String {
        case start, middle, end
    }

    enum Mark {
        case line(Place, Place, Tone, width: Double)
        case text(String, at: Place, Anchor, Tone, size: Double)
        case path([Place], Tone, dash: [Double])
    }

    /// How many colours there are; later curves have them again, with dashes.
    static let colourCount = 8

    let width = 960.0
    let height: Double
    private(set) var marks: [Mark] = []

    /// The most points of a path: two per unit of width.
    private static let most = 1600

    init(_ figure: Figure) {
        let columns = Self.legendColumns(figure)
        let legendRows = figure.curves.count > 1 ? (figure.curves.count - 1) / columns + 1 : 0
        let top = 76.0 + Double(legendRows) * 26
        let (left, right, bottom) = (96.0, 928.0, top + 380)
        height = bottom + 68
        let (steps, values) = (figure.stepAxis, figure.valueAxis)
        func x(_ step: Double) -> Double { left + steps.share(of: step) * (right - left) }
        func y(_ value: Double) -> Double { bottom - values.share(of: value) * (bottom - top) }

        marks.append(.text(figure.title, at: (left, 40), .start, .text, size: 20))
        for (index, curve) in figure.curves.enumerated() where legendRows > 0 {
            let place = (
                x: left + Double(index % columns) * (right - left) / Double(columns),
                y: 70 + Double(index / columns) * 24
            )
            marks.append(
                .path(
                    [(place.x, place.y - 5), (place.x + 28, place.y - 5)],
                    .curve(index),
                    dash: Self.dash(index)
                )
            )
            marks.append(
                .text(
                    curve.label.fitted(to: Self.labelLength(columns: columns)),
                    at: (place.x + 36, place.y),
                    .start,
                    .text,
                    size: 14
                )
            )
        }
        for tick in values.ticks {
            let height = y(tick.value)
            marks.append(.line((left, height), (right, height), .grid, width: 1))
            marks.append(
                .text(tick.text, at: (left - 10, height + 5), .end, .faintText, size: 14)
            )
        }
        for tick in steps.ticks {
            let place = x(tick.value)
            marks.append(.line((place, bottom), (place, bottom + 6), .axis, width: 1))
            marks.append(
                .text(tick.text, at: (place, bottom + 24), .middle, .faintText, size: 14)
            )
        }
        marks.append(.line((left, bottom), (right, bottom), .axis, width: 1.5))
        marks.append(.line((left, top), (left, bottom), .axis, width: 1.5))
        marks.append(
            .text("update", at: ((left + right) / 2, bottom + 52), .middle, .text, size: 15)
        )
        marks.append(.text(figure.valueTitle, at: (left, top - 12), .start, .faintText, size: 14))
        for (index, curve) in figure.curves.enumerated() {
            for run in Self.paths(curve, of: figure) {
                let places = run.map { (x: x($0.x), y: y($0.y)) }
                marks.append(.path(places, .curve(index), dash: Self.dash(index)))
            }
        }
    }

    /// In how many columns the names stand: as many as leave them room, three at most.
    private static func legendColumns(_ figure: Figure) -> Int {
        let longest = figure.curves.map(\.label.count).max() ?? 0
        return (2...3).last { longest <= labelLength(columns: $0) } ?? 1
    }

    /// The characters of a name for which a column has room.
    private static func labelLength(columns: Int) -> Int { 96 / columns - 2 }

    /// The first curves are drawn through, later ones of a colour with longer and longer gaps.
    private static func dash(_ index: Int) -> [Double] {
        let turn = Double(index / colourCount)
        return turn == 0 ? [] : [10, 4 + 3 * turn]
    }

    /// The parts of a curve between values that cannot be drawn, thinned; few updates are drawn as a staircase.
    private static func paths(_ curve: Figure.Curve, of figure: Figure) -> [[Place]] {
        var runs: [[Place]] = [[]]
        for point in curve.points {
            if let height = figure.height(of: point.value) {
                runs[runs.count - 1].append((Double(point.step), height))
            } else if runs.last?.isEmpty == false {
                runs.append([])
            }
        }
        let isStaircase = curve.points.count <= 120
        return runs.filter { !$0.isEmpty }.map { run in
            let run = thinned(withoutLevels(run))
            guard isStaircase, let first = run.first else { return run }
            return zip(run, run.dropFirst()).reduce(into: [first]) { path, pair in
                if pair.0.y != pair.1.y { path.append((pair.1.x, pair.0.y)) }
                path.append(pair.1)
            }
        }
    }

    /// The points without those that are as high as both of their neighbours.
    private static func withoutLevels(_ run: [Place]) -> [Place] {
        run.indices.filter { index in
            index == 0 || index == run.count - 1 || run[index - 1].y != run[index].y
                || run[index + 1].y != run[index].y
        }.map { run[$0] }
    }

    /// The first, lowest, highest and last point of each stretch, where there are more than can be seen.
    private static func thinned(_ run: [Place]) -> [Place] {
        guard run.count > most else { return run }
        let buckets = most / 4
        return (0..<buckets).flatMap { bucket -> [Place] in
            let part = Array(run[bucket * run.count / buckets..<(bucket + 1) * run.count / buckets])
            let low = part.indices.min { part[$0].y < part[$1].y } ?? 0
            let high = part.indices.max { part[$0].y < part[$1].y } ?? 0
            return Set([0, low, high, part.count - 1]).sorted().map { part[$0] }
        }
    }
}
