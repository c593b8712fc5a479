/// What an entry of a job's event log tells of.
///
/// The raw value is the word used in JSON and SQL.
package enum JobEventKind: String, Sendable, CaseIterable {
    /// The job's state changed. The store writes these itself, in the transaction of the change.
    case state
    /// Measurements can be read that could not before.
    case metrics
    /// What is to come of the learning rate changed.
    case schedule
    /// There is a new place from which the job can go on.
    case checkpoint
    /// Something about the job deserves a person's attention.
    case diagnosis
    /// What a worker wrote.
    case log

    /// How many of a job's newest events an event of this kind is kept among; nil is for ever.
    ///
    /// What comes several times a second is of use while it is new, and would outgrow the job; the
    /// measurements themselves stay.
    package var reach: Int? {
        switch self {
        case .metrics: 2_048
        case .log: 16_384
        case .state, .schedule, .checkpoint, .diagnosis: nil
        }
    }
}
