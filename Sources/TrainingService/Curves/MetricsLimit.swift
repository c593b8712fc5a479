/// How many points the curves of one answer may have.
enum MetricsLimit {
    /// How many points of each curve an answer holds that names no number, where there are few curves.
    private static let usual = 1_000
    /// About how many points all curves of such an answer have together.
    private static let usualTogether = 200_000
    /// How many points may be asked for, of all curves together.
    private static let mostTogether = 2_000_000

    /// How many points a curve has where no number is asked for; at least 2.
    static func points(of curves: Int) -> Int {
        min(usual, max(2, usualTogether / max(curves, 1)))
    }

    /// How many points of each curve may be asked for; at least 2.
    static func mostPoints(of curves: Int) -> Int {
        max(2, mostTogether / max(curves, 1))
    }
}
