/// What stands in people's code where a scheduler is made: literals, names, calls; arithmetic is worked out as it is read.
indirect enum PythonExpression {
    /// A literal or a list or dictionary of them.
    case value(LibraryValue)
    /// A list or tuple that holds a name or a call.
    case list([PythonExpression])
    /// A name whose value is not in the code, or what is read off one; with its place.
    case name(String, place: Int)
    /// A function of one's own that gives the same number whatever it is called with.
    case constantFunction(Double)
    /// A call of a name.
    case call(PythonCall)

    /// Every call in the expression, outer ones first.
    var calls: [PythonCall] {
        switch self {
        case .value, .name, .constantFunction: []
        case .list(let items): items.flatMap(\.calls)
        case .call(let call): [call] + call.arguments.flatMap(\.calls)
        }
    }
}

/// A call of a name with positional and named arguments.
struct PythonCall {
    /// What is called, dotted or not, as it was imported.
    let name: String
    /// The place of the name in the code.
    let place: Int
    var positional: [PythonExpression] = []
    var named: [(name: String, value: PythonExpression)] = []

    /// The name without what it is a part of.
    var baseName: String { String(name.split(separator: ".").last ?? "") }

    /// All arguments.
    var arguments: [PythonExpression] { positional + named.map(\.value) }

    /// The named argument of one of these names.
    func named(_ names: String...) -> PythonExpression? {
        named.first { names.contains($0.name) }?.value
    }
}
