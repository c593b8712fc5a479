/// Collects every fault and warning of one document while it is decoded.
///
/// A decoder goes on after a fault: it reports, takes `nil` and reads the next field, so that a person
/// mends all faults in one round.
public struct DecodingContext: Sendable {
    /// Whether fields that nothing knows are faults; off for the worker protocol, whose two sides may
    /// differ in age.
    public let refusesUnknown: Bool
    /// The faults so far, in the order in which they were met.
    public private(set) var faults: [Fault]
    /// What is legal and looks wrong, in the same form as faults.
    public private(set) var warnings: [Fault] = []

    /// The whole document, in which faults that come without a position find theirs.
    private var document: Document?

    /// The number of faults that are kept; what comes after is only counted.
    public static let faultLimit = 100

    /// Makes a context that begins with the faults of reading.
    public init(refusesUnknown: Bool = true, faults: [Fault] = []) {
        self.refusesUnknown = refusesUnknown
        self.faults = faults
    }

    /// Notes the whole document, as its reading begins.
    mutating func begin(_ document: Document) {
        self.document = document
    }

    /// Whether nothing was found wrong.
    public var isValid: Bool { faults.isEmpty }

    /// The value at `pointer`; `nil` where there is none.
    func value(at pointer: Pointer) -> Document? {
        pointer.names.reduce(document) { $0?.child($1) }
    }

    /// Notes a fault of the value at `pointer`; of several at one value the first is kept.
    ///
    /// Without a position it stands where the value does, or the nearest value around it.
    public mutating func report(
        _ pointer: Pointer,
        _ code: Fault.Code,
        _ detail: String,
        at position: Document.Position = .unknown
    ) {
        let fault = Fault(
            pointer: pointer.description,
            detail: detail,
            code: code,
            position: position == .unknown ? self.position(at: pointer) : position
        )
        guard faults.count < Self.faultLimit,
            !faults.contains(where: { $0.pointer == fault.pointer })
        else { return }
        faults.append(fault)
    }

    /// Notes what is legal and looks wrong.
    public mutating func warn(
        _ pointer: Pointer,
        _ detail: String,
        at position: Document.Position = .unknown
    ) {
        warnings.append(
            Fault(
                pointer: pointer.description,
                detail: detail,
                code: .conflict,
                position: position == .unknown ? self.position(at: pointer) : position
            )
        )
    }

    private func position(at pointer: Pointer) -> Document.Position {
        guard var here = document else { return .unknown }
        for name in pointer.names {
            guard let child = here.child(name) else { break }
            here = child
        }
        return here.position
    }
}
