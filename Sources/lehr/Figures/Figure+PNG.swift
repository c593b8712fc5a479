extension Figure {
    /// How many pixels a unit of the layout takes, so that the picture is sharp on fine screens.
    private static let scale = 2.0

    /// The figure as PNG, on a light ground.
    func png() -> [UInt8] {
        let layout = FigureLayout(self)
        var raster = Raster(
            width: Int(layout.width * Self.scale),
            height: Int(layout.height * Self.scale),
            FigureColours.colour(.background, isDark: false)
        )
        for mark in layout.marks { Self.draw(mark, on: &raster) }
        return PNGEncoder.bytes(raster)
    }

    private static func draw(_ mark: FigureLayout.Mark, on raster: inout Raster) {
        func scaled(_ place: FigureLayout.Place) -> FigureLayout.Place {
            (place.x * scale, place.y * scale)
        }
        switch mark {
        case .line(let from, let to, let tone, let width):
            raster.draw(
                [scaled(from), scaled(to)],
                thickness: width * scale,
                FigureColours.colour(tone, isDark: false)
            )
        case .path(let places, let tone, let dash):
            let colour = FigureColours.colour(tone, isDark: false)
            for part in dashed(places.map(scaled), dash.map { $0 * scale }) {
                raster.draw(part, thickness: 2.5 * scale, colour)
            }
        case .text(let text, let place, let anchor, let tone, let size):
            // Capitals are about seven tenths of a font's size.
            let height = size * scale * 0.7
            let width = StrokeFont.width(of: text, height: height)
            let shift =
                switch anchor {
                case .start: 0.0
                case .middle: width / 2
                case .end: width
                }
            var pen = scaled(place)
            pen.x -= shift
            for character in text {
                let glyph = StrokeFont.glyph(character)
                let unit = height / StrokeFont.capitalHeight
                for stroke in glyph.strokes {
                    raster.draw(
                        stroke.map { (pen.x + $0.x * unit, pen.y + $0.y * unit) },
                        thickness: max(1.6, height * 0.11),
                        FigureColours.colour(tone, isDark: false)
                    )
                }
                pen.x += glyph.width * unit
            }
        }
    }

    /// The drawn parts of a path with gaps; lengths are drawn and left out in turn.
    private static func dashed(
        _ path: [FigureLayout.Place],
        _ dash: [Double]
    ) -> [[FigureLayout.Place]] {
        guard dash.count == 2, let first = path.first else { return [path] }
        var parts = [[first]]
        var left = dash[0]
        var isDrawn = true
        for (from, to) in zip(path, path.dropFirst()) {
            let (dx, dy) = (to.x - from.x, to.y - from.y)
            let length = (dx * dx + dy * dy).squareRoot()
            var done = 0.0
            while length - done > left {
                done += left
                let place = (x: from.x + dx * done / length, y: from.y + dy * done / length)
                if isDrawn { parts[parts.count - 1].append(place) } else { parts.append([place]) }
                isDrawn.toggle()
                left = isDrawn ? dash[0] : dash[1]
            }
            left -= length - done
            if isDrawn { parts[parts.count - 1].append(to) }
        }
        return parts
    }
}
