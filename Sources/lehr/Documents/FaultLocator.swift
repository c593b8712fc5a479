import TrainingAPI

/// Finds the place in a person's file that a fault means.
struct FaultLocator {
    /// What messages call the file.
    let file: String
    /// What the file holds; `nil` where it could not be read.
    let document: Document?
    /// What was set over it on the command line.
    var assignments: [Assignment] = []

    /// Where the fault stands: `spec.yaml:3:9`, `--set epochs=0`, or the file where nothing is known.
    func place(of fault: Fault) -> String {
        if let assignment = assignments.last(where: { isSet(fault.pointer, by: $0) }) {
            return assignment.origin
        }
        // What was edited was sent as other text, so that the server's lines are not the file's.
        let known = assignments.isEmpty && fault.position.line > 0
        let position = known ? fault.position : position(of: fault)
        return position.line > 0 ? "\(file):\(position.line):\(position.column)" : file
    }

    /// The position of the value at the fault's pointer, or of the nearest one around it.
    private func position(of fault: Fault) -> Document.Position {
        guard var here = document else { return .unknown }
        var position = here.position
        let names = fault.pointer.split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        for (index, part) in names.enumerated() {
            let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
            switch here.value {
            case .object(let members):
                guard let member = members.last(where: { $0.name == name }) else { return position }
                here = member.value
                let isName =
                    index == names.count - 1 && [.unknown, .duplicate].contains(fault.code)
                position = isName ? member.position : here.position
            case .array(let items):
                guard let index = Int(name), items.indices.contains(index) else { return position }
                here = items[index]
                position = here.position
            default:
                return position
            }
        }
        return position
    }

    private func isSet(_ pointer: String, by assignment: Assignment) -> Bool {
        pointer == assignment.pointer || pointer.hasPrefix("\(assignment.pointer)/")
    }
}
