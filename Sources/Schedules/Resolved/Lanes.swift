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
