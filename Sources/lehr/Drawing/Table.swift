/// Rows of text under titles, each column as wide as its widest cell.
struct Table {
    /// A column's title and on which side its cells stand.
    struct Column {
        let title: String
        var isNumeric = false
    }

    /// A cell's text and how it is painted once it has its width.
    struct Cell: ExpressibleByStringInterpolation {
        let text: String
        var paint: Paint = .plain

        init(_ text: String, _ paint: Paint = .plain) {
            self.text = text
            self.paint = paint
        }

        init(stringLiteral text: String) {
            self.init(text)
        }
    }

    var columns: [Column]
    var rows: [[Cell]] = []

    /// The table's lines, its titles first; the widest column of text gives way where `width` is short.
    func lines(width: Int, ink: Ink) -> [String] {
        let titles = columns.map { Cell($0.title, .faint) }
        let widths = widths(of: [titles] + rows, within: width)
        return ([titles] + rows).map { row in
            zip(row, columns.indices).map { cell, column in
                let text = cell.text.fitted(to: widths[column])
                let pad = String(repeating: " ", count: widths[column] - text.count)
                let painted = ink.paint(text, cell.paint)
                return columns[column].isNumeric ? pad + painted : painted + pad
            }
            .joined(separator: "  ").trimmingTrailingSpaces
        }
    }

    private func widths(of rows: [[Cell]], within width: Int) -> [Int] {
        var widths = columns.indices.map { column in
            rows.map { $0[column].text.count }.max() ?? 0
        }
        let excess = widths.reduce(0, +) + 2 * (columns.count - 1) - width
        let widest = columns.indices.filter { !columns[$0].isNumeric }.max {
            widths[$0] < widths[$1]
        }
        if excess > 0, let widest { widths[widest] = max(widths[widest] - excess, 8) }
        return widths
    }
}

extension String {
    /// The text in at most `width` characters; what is left out leaves `…`.
    func fitted(to width: Int) -> String {
        guard count > width else { return self }
        return width > 0 ? prefix(width - 1) + "…" : ""
    }
}
