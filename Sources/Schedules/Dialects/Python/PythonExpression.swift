/// What stands in people's code where a scheduler is made: literals, names, arithmetic on numbers, calls.
indirect enum PythonExpression: Equatable {
    /// A literal or a list or dictionary of them.
    case value(LibraryValue)
    /// A list or tuple that holds a name or a call.
    case list([PythonExpression])
    /// A name, dotted or not.
    case name(String)
    /// A call of a name with positional and named arguments.
    case call(String, [PythonExpression], [(name: String, value: PythonExpression)])

    static func == (left: PythonExpression, right: PythonExpression) -> Bool {
        switch (left, right) {
        case (.value(let left), .value(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.name(let left), .name(let right)): left == right
        case (.call(let left, let first, let named), .call(let right, let second, let others)):
            left == right && first == second && named.elementsEqual(others) { $0 == $1 }
        default: false
        }
    }
}
