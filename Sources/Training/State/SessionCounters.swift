/// What a session counts and remembers beside its arrays, as far as later bits depend on it.
///
/// A checkpoint holds all of it, so that whatever is added here is saved and restored.
struct SessionCounters: Hashable, Sendable, Codable {
    /// The number of completed updates.
    var step = 0
    /// Whether weights were remembered as the best.
    var hasBest = false
}
