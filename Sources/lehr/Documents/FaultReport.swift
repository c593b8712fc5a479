import TrainingAPI

/// Everything that is wrong with a specification, for its author.
struct FaultReport: Error {
    /// What was refused, in a few words.
    let summary: String
    /// The faults.
    let faults: [Fault]
    /// What finds them in the file.
    let locator: FaultLocator

    /// A line for each fault under the summary: its place, the field and what would be right.
    func lines(ink: Ink) -> [String] {
        let places = faults.map { locator.place(of: $0) }
        let width = places.map(\.count).max() ?? 0
        return [ink.paint("error: ", .bad) + summary]
            + zip(faults, places).map { fault, place in
                let pad = String(repeating: " ", count: width - place.count)
                return "  \(ink.paint(place, .strong))\(pad)  \(Self.sentence(of: fault))"
            }
    }

    /// The fault's detail, which begins with the field's whole path.
    private static func sentence(of fault: Fault) -> String {
        let names = fault.pointer.split(separator: "/").map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
        let path = names.joined(separator: ".")
        guard let name = names.last, !fault.detail.hasPrefix(path) else { return fault.detail }
        guard fault.detail.hasPrefix("\(name) ") else {
            // What is wrong beside other values is told as a sentence of its own.
            return fault.code == .conflict ? "\(path): \(fault.detail)" : "\(path) \(fault.detail)"
        }
        return (names.dropLast() + [fault.detail]).joined(separator: ".")
    }
}
