/// The course of a rate without its size: a type of the catalogue and its checked parameters.
///
/// A value that exists is valid. It is written as an object: `{"type": "cosine", "to": 0}`.
public struct Curve: Hashable, Sendable {
    /// The catalogue's entry.
    public let type: ScheduleType
    let arguments: Arguments

    init(type: ScheduleType, arguments: Arguments) {
        self.type = type
        self.arguments = arguments
    }

    /// The parameters with the defaults filled in; absent are those that follow from the run.
    public var parameters: [String: ParameterValue] { arguments.values }

    /// The segments that the curve becomes in `scope`.
    func resolve(in scope: Scope) throws(ScheduleError) -> Lanes {
        try type.resolve(arguments, scope)
    }
}
