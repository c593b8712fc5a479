import Foundation

/// A plain font of strokes, for pictures without a font library: printable ASCII and a few signs more.
enum StrokeFont {
    /// A character's pen strokes and the way to the next character, in units of which capitals are 18 high; y grows
    /// downwards from the base line.
    struct Glyph {
        let width: Double
        let strokes: [[(x: Double, y: Double)]]
    }

    /// The height of capitals.
    static let capitalHeight = 18.0

    /// The space on either side of a character.
    private static let margin = 2.2
    /// The straight parts of a curve.
    private static let parts = 8
    private static let glyphs = drawings.mapValues(glyph)

    /// The glyph of a character; one that the font does not have is drawn as `?`.
    static func glyph(_ character: Character) -> Glyph {
        glyphs[character] ?? glyphs["?"] ?? Glyph(width: 0, strokes: [])
    }

    /// The width of a text in which capitals are `height` high.
    static func width(of text: String, height: Double) -> Double {
        text.reduce(0) { $0 + glyph($1).width } * height / capitalHeight
    }

    private static func glyph(_ drawing: Drawing) -> Glyph {
        Glyph(
            width: drawing.width + 2 * margin,
            strokes: drawing.strokes.split(separator: ";").map { stroke($0) }
        )
    }

    /// The places of a stroke, its curves made of straight parts.
    private static func stroke(_ text: Substring) -> [(x: Double, y: Double)] {
        var places: [(x: Double, y: Double)] = []
        var control: (x: Double, y: Double)?
        for word in text.split(separator: " ") {
            let numbers = word.drop { $0 == "~" }.split(separator: ",").compactMap { Double($0) }
            guard numbers.count == 2 else {
                preconditionFailure("\(word) is not a place of a stroke")
            }
            let place = (x: numbers[0] + margin, y: -numbers[1])
            if word.hasPrefix("~") {
                control = place
            } else if let bend = control, let start = places.last {
                for part in 1...parts {
                    let t = Double(part) / Double(parts)
                    let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
                    places.append(
                        (
                            a * start.x + b * bend.x + c * place.x,
                            a * start.y + b * bend.y + c * place.y
                        )
                    )
                }
                control = nil
            } else {
                places.append(place)
            }
        }
        return places
    }
}
