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
    /// The last step of the first stretch whose rate is no finite number by then; `nil` where all are.
    ///
    /// What grows does so to the end of its stretch, so that the ends tell of the whole.
    func endlessStep(in run: Run) -> Int? {
        for (index, segment) in rate.enumerated() {
            let next = index + 1 < rate.count ? rate[index + 1].start : run.totalSteps
            let last = max(segment.start, min(next, run.totalSteps) - 1)
            guard segment.start <= run.totalSteps else { return nil }
            let value = segment.terms.reduce(1) { $0 * $1.value(at: last) }
            if !value.isFinite { return last }
        }
        return nil
    }
}
