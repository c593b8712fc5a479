/// A curve in one line of text, eight heights to a character.
enum Sparkline {
    private static let heights = Array("▁▂▃▄▅▆▇█")

    /// The curve of `values`, drawn from its smallest to its largest.
    ///
    /// Each character stands for the mean of its share of the values; one whose share has no finite
    /// value is blank.
    ///
    /// - Parameters:
    ///   - values: The values in order.
    ///   - width: The most characters to take; fewer values take fewer.
    /// - Returns: The characters.
    static func text(_ values: [Double], width: Int) -> String {
        let means = means(of: values, count: min(width, values.count))
        let finite = means.compactMap(\.self)
        guard let low = finite.min(), let high = finite.max() else {
            return String(repeating: " ", count: means.count)
        }
        return String(
            means.map { mean -> Character in
                guard let mean else { return " " }
                guard high > low else { return heights[0] }
                return heights[Int(((mean - low) / (high - low) * 7).rounded())]
            }
        )
    }

    private static func means(of values: [Double], count: Int) -> [Double?] {
        (0..<count).map { index in
            let share = values[
                (index * values.count / count)..<((index + 1) * values.count / count)
            ]
            .filter(\.isFinite)
            return share.isEmpty ? nil : share.reduce(0, +) / Double(share.count)
        }
    }
}
