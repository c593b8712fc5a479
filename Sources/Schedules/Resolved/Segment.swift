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

/// A factor: a shape and where its own step 0 stands.
struct Term: Hashable, Sendable {
    /// The run's step at which the shape's own step 0 stands.
    let origin: Int
    /// The course from there.
    let shape: Shape

    /// A factor that does not move.
    static func constant(_ value: Double) -> Term { Term(origin: 0, shape: .constant(value)) }

    /// The factor at a step of the run; `feedback` is what metrics made of a fed-back rate.
    @inline(__always)
    func value(at step: Int, feedback: Double? = nil) -> Double {
        shape.value(at: Double(step - origin), feedback: feedback)
    }
}

/// What a curve becomes: the segments of the rate, of the momentum where it moves, and the feedback's rule.
struct Lanes {
    var rate: [Segment]
    /// Empty where the schedule does not move the momentum.
    var momentum: [Segment] = []
    var feedback: FeedbackRule?

    /// The lanes without what begins at or after `end`.
    func cut(at end: Int) -> Lanes {
        Lanes(
            rate: rate.filter { $0.start < end },
            momentum: momentum.filter { $0.start < end },
            feedback: feedback?.ending(at: end)
        )
    }
}
