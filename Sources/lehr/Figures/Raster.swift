/// A picture of pixels on which lines are drawn with soft edges.
struct Raster {
    typealias Place = FigureLayout.Place

    let width: Int
    let height: Int
    /// Three bytes a pixel, rows from the top.
    private(set) var bytes: [UInt8]

    /// Makes a picture of one colour.
    init(width: Int, height: Int, _ colour: FigureColours.Colour) {
        self.width = width
        self.height = height
        bytes = Array(
            repeating: [colour.red, colour.green, colour.blue],
            count: width * height
        ).flatMap(\.self)
    }

    /// Draws connected lines with round ends, `thickness` pixels thick.
    ///
    /// Each pixel is covered by as much of it as lies within half the thickness of the nearest line, so that where
    /// lines meet nothing is drawn twice.
    mutating func draw(_ path: [Place], thickness: Double, _ colour: FigureColours.Colour) {
        var cover: [Int: Double] = [:]
        let reach = thickness / 2 + 0.5
        let pairs =
            path.count == 1 ? [(path[0], path[0])] : Array(zip(path, path.dropFirst()))
        for (from, to) in pairs {
            let rows = rows(min(from.y, to.y) - reach, max(from.y, to.y) + reach)
            for row in rows {
                let columns = columns(from, to, row: row, reach: reach)
                for column in columns {
                    let place = (x: Double(column) + 0.5, y: Double(row) + 0.5)
                    let share = min(1, reach - Self.distance(place, from, to))
                    guard share > 0 else { continue }
                    let index = row * width + column
                    cover[index] = max(cover[index] ?? 0, share)
                }
            }
        }
        for (index, share) in cover { blend(index, share, colour) }
    }

    private func rows(_ low: Double, _ high: Double) -> Range<Int> {
        let first = max(0, Int(low.rounded(.down)))
        return first..<max(first, min(height, Int(high.rounded(.up))))
    }

    /// The columns of a row that a line with its reach can touch.
    private func columns(_ from: Place, _ to: Place, row: Int, reach: Double) -> Range<Int> {
        var (low, high) = (min(from.x, to.x), max(from.x, to.x))
        let rise = to.y - from.y
        if abs(rise) > 1e-9, abs(rise) < abs(to.x - from.x) {
            // A flat line touches a row only near where it crosses it.
            let slope = (to.x - from.x) / rise
            let crossing = from.x + (Double(row) + 0.5 - from.y) * slope
            let spread = abs(slope) * (reach + 0.5) + reach
            low = max(low, crossing - spread)
            high = min(high, crossing + spread)
        }
        let first = max(0, Int((low - reach).rounded(.down)))
        return first..<max(first, min(width, Int((high + reach).rounded(.up))))
    }

    /// How far a place is from the line between two others.
    private static func distance(_ place: Place, _ from: Place, _ to: Place) -> Double {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let length = dx * dx + dy * dy
        let along =
            length > 0
            ? min(max(((place.x - from.x) * dx + (place.y - from.y) * dy) / length, 0), 1) : 0
        let (x, y) = (from.x + along * dx - place.x, from.y + along * dy - place.y)
        return (x * x + y * y).squareRoot()
    }

    private mutating func blend(_ index: Int, _ share: Double, _ colour: FigureColours.Colour) {
        for (offset, part) in [colour.red, colour.green, colour.blue].enumerated() {
            let old = Double(bytes[3 * index + offset])
            bytes[3 * index + offset] = UInt8((old + (Double(part) - old) * share).rounded())
        }
    }
}
