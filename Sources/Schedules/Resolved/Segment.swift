/// A stretch of the run with one formula: a product of terms, not below a floor.
struct Segment: Hashable, Sendable {
    /// The run's first step of the stretch; it ends where the next begins.
    var start: Int
    /// The factors; at least one.
    var terms: [Term]
    /// The least value; minus infinity where there is none.
    var floor = -Double.infinity

    /// The same stretch not below `floor`.
    func raised(to floor: Double) -> Segment {
        Segment(start: start, terms: terms, floor: max(floor, self.floor))
    }
}
