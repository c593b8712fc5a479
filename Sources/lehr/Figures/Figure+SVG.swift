import Foundation

extension Figure {
    /// The figure as SVG, with a light and a dark appearance.
    func svg() -> String {
        let layout = FigureLayout(self)
        let size = "\(Self.number(layout.width)) \(Self.number(layout.height))"
        let style = Self.style(curves: min(curves.count, FigureLayout.colourCount))
        let body = layout.marks.map(Self.element).joined(separator: "\n")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" role="img" \
            aria-label="\(Self.escaped(title))">
            <title>\(Self.escaped(title))</title>
            <style>
            \(style)
            </style>
            <rect class="background" width="100%" height="100%"/>
            \(body)
            </svg>

            """
    }

    private static func style(curves: Int) -> String {
        let tones: [FigureLayout.Tone] =
            [.background, .grid, .axis, .text, .faintText] + (0..<curves).map { .curve($0) }
        func rules(isDark: Bool) -> [String] {
            tones.map { tone in
                let colour = FigureColours.colour(tone, isDark: isDark).css
                let property =
                    switch tone {
                    case .background, .text, .faintText: "fill"
                    case .grid, .axis, .curve: "stroke"
                    }
                return ".\(name(tone)){\(property):\(colour)}"
            }
        }
        return """
            text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
            path{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
            \(rules(isDark: false).joined(separator: "\n"))
            @media (prefers-color-scheme: dark){
            \(rules(isDark: true).joined(separator: "\n"))
            }
            """
    }

    private static func element(_ mark: FigureLayout.Mark) -> String {
        switch mark {
        case .line(let from, let to, let tone, let width):
            return
                "<line class=\"\(name(tone))\" x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" "
                + "x2=\"\(number(to.x))\" y2=\"\(number(to.y))\" stroke-width=\"\(number(width))\"/>"
        case .text(let text, let place, let anchor, let tone, let size):
            return
                "<text class=\"\(name(tone))\" x=\"\(number(place.x))\" y=\"\(number(place.y))\" "
                + "font-size=\"\(number(size))\" text-anchor=\"\(anchor.rawValue)\">"
                + "\(escaped(text))</text>"
        case .path(let places, let tone, let dash):
            let points = places.enumerated().map { index, place in
                "\(index == 0 ? "M" : "L")\(number(place.x)) \(number(place.y))"
            }.joined()
            let dashes =
                dash.isEmpty
                ? "" : " stroke-dasharray=\"\(dash.map(number).joined(separator: " "))\""
            return "<path class=\"\(name(tone))\"\(dashes) d=\"\(points)\"/>"
        }
    }

    private static func name(_ tone: FigureLayout.Tone) -> String {
        switch tone {
        case .background: "background"
        case .grid: "grid"
        case .axis: "axis"
        case .text: "text"
        case .faintText: "faint"
        case .curve(let index): "curve\(index % FigureLayout.colourCount)"
        }
    }

    /// A coordinate to a hundredth, so that a file does not depend on the last bits of a machine.
    private static func number(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        var digits = text[...]
        while digits.hasSuffix("0") { digits.removeLast() }
        if digits.hasSuffix(".") { digits.removeLast() }
        return digits == "-0" ? "0" : String(digits)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
