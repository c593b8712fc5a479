/// Why a schedule is refused: the field, the value and what would be right.
public enum ScheduleError: Error, Hashable, Sendable {
    /// A field that must be given is not.
    case missing(FieldPath, requirement: String)
    /// A field that the type does not have, with those that it has.
    case unknown(FieldPath, allowed: [String])
    /// A value of another kind than the field holds.
    case wrongKind(FieldPath, value: String, requirement: String)
    /// A value of the right kind that the field does not allow.
    case outOfRange(FieldPath, value: String, requirement: String)
    /// Values that are right alone and wrong together; the detail names them.
    case conflict(FieldPath, detail: String)

    /// The field at fault.
    public var path: FieldPath {
        switch self {
        case .missing(let path, _), .unknown(let path, _), .wrongKind(let path, _, _),
            .outOfRange(let path, _, _), .conflict(let path, _):
            path
        }
    }

    /// A machine-readable name of the kind of fault: `missing`, `unknown`, `wrong_kind`, `out_of_range`, `conflict`.
    public var code: String {
        switch self {
        case .missing: "missing"
        case .unknown: "unknown"
        case .wrongKind: "wrong_kind"
        case .outOfRange: "out_of_range"
        case .conflict: "conflict"
        }
    }

    /// The same error seen from a whole in which the schedule stands at `outer`.
    public func prefixed(by outer: FieldPath) -> ScheduleError {
        let path = path.prefixed(by: outer)
        return switch self {
        case .missing(_, let requirement): .missing(path, requirement: requirement)
        case .unknown(_, let allowed): .unknown(path, allowed: allowed)
        case .wrongKind(_, let value, let requirement):
            .wrongKind(path, value: value, requirement: requirement)
        case .outOfRange(_, let value, let requirement):
            .outOfRange(path, value: value, requirement: requirement)
        case .conflict(_, let detail): .conflict(path, detail: detail)
        }
    }
}

extension ScheduleError: CustomStringConvertible {
    /// A sentence that names the field, the value and what would be right.
    public var description: String {
        switch self {
        case .missing(let path, let requirement): "\(path) is missing: it must be \(requirement)"
        case .unknown(let path, let allowed):
            "\(path) is not a field here; the fields are \(allowed.joined(separator: ", "))"
        case .wrongKind(let path, let value, let requirement),
            .outOfRange(let path, let value, let requirement):
            "\(path) must be \(requirement), got \(value)"
        case .conflict(let path, let detail): "\(path): \(detail)"
        }
    }
}
