/// That a job went on from a checkpoint under another processor or library, where the same updates give
/// other bits.
struct NumericsChange: Hashable, Sendable {
    /// The finished updates of the checkpoint.
    let step: Int
    /// What the checkpoint's bits came of; nil where it is not known.
    let before: String?
    /// What those from here on come of.
    let after: String?
}
