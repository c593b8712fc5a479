extension JobPlan {
    /// The most operations of a run that is over before somebody who waits for it would notice: ten
    /// milliseconds or so.
    private static let briefLimit = 2e7

    /// Whether the run takes some milliseconds at most, so that a job after it may wait for it at the
    /// same worker.
    public var isBrief: Bool { operations.map { $0 <= Self.briefLimit } ?? false }
}

extension JobSpecification {
    /// What an update or a row costs beside its multiplications, in multiplications.
    private static let overhead = (update: 5_000.0, row: 20.0)

    /// The multiplications of a run and of making its data, about.
    func operations(
        of shape: ModelShape,
        _ facts: DatasetFacts,
        totalSteps: Int,
        evaluations: Int,
        validationRows: Int
    ) -> Double {
        let row = Double(shape.multiplicationsPerRow)
        let updates = Double(totalSteps)
        let trained = updates * Double(updateRows)
        var evaluated = Double(evaluations) * Double(validationRows)
        // At the final weights and at the best ones.
        if evaluate.test == .end { evaluated += 2 * Double(facts.rows["test"] ?? 0) }
        let made = Double(facts.rows.values.reduce(0, +)) * Double(shape.input.count)
        // An update goes through the layers once, and back for the inputs and for the weights.
        return (3 * trained + evaluated) * row + updates * Self.overhead.update
            + made * Self.overhead.row
    }
}
