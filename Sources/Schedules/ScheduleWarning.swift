/// What is legal in a schedule and looks wrong.
public struct ScheduleWarning: Hashable, Sendable {
    /// The field in question.
    public let path: FieldPath
    /// What looks wrong, with the values, as a sentence without a full stop.
    public let message: String

    /// The same warning seen from a whole in which the schedule stands at `outer`.
    public func prefixed(by outer: FieldPath) -> ScheduleWarning {
        ScheduleWarning(path: path.prefixed(by: outer), message: message)
    }
}

extension ScheduleWarning: CustomStringConvertible {
    /// The field and the sentence.
    public var description: String { "\(path): \(message)" }
}
