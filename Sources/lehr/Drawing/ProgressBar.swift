/// A bar of text that fills from the left, to half a character.
enum ProgressBar {
    /// The bar.
    ///
    /// - Parameters:
    ///   - fraction: How much of it is filled, 0…1.
    ///   - width: How many characters it takes.
    /// - Returns: The characters.
    static func text(_ fraction: Double, width: Int) -> String {
        let halves = Int((min(max(fraction, 0), 1) * Double(width * 2)).rounded(.down))
        let full = String(repeating: "━", count: halves / 2)
        let half = halves.isMultiple(of: 2) ? "" : "╸"
        return full + half + String(repeating: "─", count: width - full.count - half.count)
    }
}
