/// The colours of figures, each with one for a light ground and one for a dark.
enum FigureColours {
    /// A colour by its three parts, 0…255.
    struct Colour: Hashable {
        let red: UInt8
        let green: UInt8
        let blue: UInt8

        init(_ hex: UInt32) {
            red = UInt8(hex >> 16 & 255)
            green = UInt8(hex >> 8 & 255)
            blue = UInt8(hex & 255)
        }

        /// As CSS writes it: `#1f6fc4`.
        var css: String {
            "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    static func colour(_ tone: FigureLayout.Tone, isDark: Bool) -> Colour {
        let pair: (light: UInt32, dark: UInt32) =
            switch tone {
            case .background: (0xFFFFFF, 0x16181D)
            case .grid: (0xE4E7EC, 0x2C3038)
            case .axis: (0x7A828E, 0x8A93A0)
            case .text: (0x1B1F24, 0xE8EBEF)
            case .faintText: (0x57606A, 0xA3ACB8)
            case .curve(let index): curves[index % curves.count]
            }
        return Colour(isDark ? pair.dark : pair.light)
    }

    /// Told apart by people who see few colours as well, in lightness as in hue.
    private static let curves: [(light: UInt32, dark: UInt32)] = [
        (0x1F6FC4, 0x5EA8F2), (0xD1600A, 0xFF9B4A), (0x1A8A4A, 0x4CC781), (0x8B4FC9, 0xBE8DF5),
        (0xC22F45, 0xF57286), (0x0B8794, 0x45C4D1), (0x8A6116, 0xD3A85B), (0xB83A8C, 0xF084C6),
    ]
}
