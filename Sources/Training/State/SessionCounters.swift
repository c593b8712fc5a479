/// What a session counts and remembers beside its arrays, as far as later bits depend on it.
///
/// A checkpoint holds all of it, so that whatever is added here is saved and restored.
struct SessionCounters: Hashable, Sendable, Codable {
    /// The number of completed updates.
    var step = 0
    /// What the optimizer counts.
    var optimizer = Optimizer.Counters()
    /// The batches that were passed over since the start, so that batches go on after them.
    var skippedBatches = 0
    /// The returns to an earlier state since the start.
    var rollbacks = 0
    /// The returns to the state that a rollback would go back to now.
    var rollbacksToSnapshot = 0
    /// What the optimizer counted in that state.
    var snapshot = Optimizer.Counters()
    /// Whether weights were remembered as the best.
    var hasBest = false
}
