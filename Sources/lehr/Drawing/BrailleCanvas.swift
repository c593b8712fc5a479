/// A drawing surface of Braille characters, each two dots wide and four dots high.
struct BrailleCanvas {
    /// The size in dots.
    let width: Int
    let height: Int
    private let columns: Int
    private var cells: [UInt8]

    /// Makes an empty canvas of `columns` by `rows` characters.
    init(columns: Int, rows: Int) {
        self.columns = columns
        width = columns * 2
        height = rows * 4
        cells = Array(repeating: 0, count: columns * rows)
    }

    /// Sets the dot `x` from the left and `y` from the bottom; dots outside are passed over.
    mutating func set(x: Int, y: Int) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        let fromTop = height - 1 - y
        // The bits of a Braille character: 1–3 and 7 down the left, 4–6 and 8 down the right.
        let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        cells[fromTop / 4 * columns + x / 2] |= bits[fromTop % 4][x % 2]
    }

    /// Sets the dots of the straight line between two dots.
    mutating func line(fromX x0: Int, y y0: Int, toX x1: Int, y y1: Int) {
        let steps = max(abs(x1 - x0), abs(y1 - y0))
        guard steps > 0 else { return set(x: x0, y: y0) }
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            set(
                x: x0 + Int((Double(x1 - x0) * share).rounded()),
                y: y0 + Int((Double(y1 - y0) * share).rounded())
            )
        }
    }

    /// The dots of the character in a column from the left and a row from the top.
    func cell(column: Int, row: Int) -> UInt8 { cells[row * columns + column] }

    /// The character with these dots; without any, a space.
    static func character(_ cell: UInt8) -> String {
        cell == 0 ? " " : String(Unicode.Scalar(0x2800 + UInt32(cell)).map(Character.init) ?? " ")
    }

    /// The canvas as text, one string per row from the top; empty characters are spaces.
    var rows: [String] {
        stride(from: 0, to: cells.count, by: max(columns, 1)).map { start in
            cells[start..<start + columns].reduce(into: "") { row, cell in
                row += Self.character(cell)
            }
        }
    }
}
