/// A stretch of the run with one formula: a product of terms, not below a floor.
struct Segment: Hashable, Sendable {
    /// The run's first step of the stretch; it ends where the next begins.
    var start: Int
    /// The factors; at least one.
    var terms: [Term]
    /// The least value; minus infinity where there is none.
    var floor = -Double.infinity

    /// Whether the stretch, or a factor of it, is the climb of a warm-up, which no floor lifts.
    private var isClimb: Bool {
        terms.contains { if case .rise = $0.shape { true } else { false } }
    }

    /// The same stretch not below `floor`, but for a warm-up.
    func raised(to floor: Double) -> Segment {
        guard !isClimb else { return self }
        return Segment(start: start, terms: terms, floor: max(floor, self.floor))
    }
}
