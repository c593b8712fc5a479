/// The arguments of a library's scheduler: what is written, over the library's defaults.
struct LibraryArguments: Sendable {
    /// Each of the scheduler's parameters; required ones that are missing are refused before.
    let values: [String: LibraryValue]

    func value(_ name: String) -> LibraryValue { values[name, default: .null] }

    func number(_ name: String) throws(LibraryFailure) -> Double {
        guard let number = try optionalNumber(name) else { throw expected("a number", name) }
        return number
    }

    /// A number or `None`; a list of one, for one parameter group, is its number.
    func optionalNumber(_ name: String) throws(LibraryFailure) -> Double? {
        switch value(name) {
        case .null: return nil
        case .number(let number): return number
        case .flag(let flag): return flag ? 1 : 0
        case .list(let items) where items.count == 1:
            guard case .number(let number) = items[0] else { throw expected("a number", name) }
            return number
        default: throw expected("a number", name)
        }
    }

    func integer(_ name: String) throws(LibraryFailure) -> Int {
        guard let number = try optionalInteger(name) else { throw expected("an integer", name) }
        return number
    }

    func optionalInteger(_ name: String) throws(LibraryFailure) -> Int? {
        guard let number = try optionalNumber(name) else { return nil }
        guard let integer = Int(exactly: number) else { throw expected("an integer", name) }
        return integer
    }

    func flag(_ name: String) throws(LibraryFailure) -> Bool {
        switch value(name) {
        case .flag(let flag): return flag
        case .number(let number): return number != 0
        default: throw expected("True or False", name)
        }
    }

    func text(_ name: String) throws(LibraryFailure) -> String {
        guard case .text(let text) = value(name) else { throw expected("a string", name) }
        return text
    }

    func choice(_ name: String, of words: [String]) throws(LibraryFailure) -> String {
        let word = try text(name)
        guard words.contains(word) else {
            throw .value("\(name) must be one of \(words.joined(separator: ", ")), got \"\(word)\"")
        }
        return word
    }

    func numbers(_ name: String) throws(LibraryFailure) -> [Double] {
        guard case .list(let items) = value(name) else { throw expected("a list of numbers", name) }
        var numbers: [Double] = []
        for item in items {
            guard case .number(let number) = item else {
                throw expected("a list of numbers", name)
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Nested schedulers: objects with `schedule` (or `name`) and `params`.
    func nested(_ name: String) throws(LibraryFailure) -> [(
        name: String, parameters: [String: LibraryValue]
    )] {
        guard case .list(let items) = value(name) else {
            throw expected("a list of schedulers", name)
        }
        var nested: [(name: String, parameters: [String: LibraryValue])] = []
        for item in items {
            guard case .object(let fields) = item,
                case .text(let child)? = fields["schedule"] ?? fields["name"]
            else { throw expected("a list of objects with schedule and params", name) }
            guard case .object(let parameters) = fields["params"] ?? .object([:]) else {
                throw expected("a list of objects with schedule and params", name)
            }
            if let stranger = fields.keys.first(where: {
                !["schedule", "name", "params"].contains($0)
            }) {
                throw .type("\(name): a nested scheduler has no field \"\(stranger)\"")
            }
            nested.append((child, parameters))
        }
        return nested
    }

    private func expected(_ kind: String, _ name: String) -> LibraryFailure {
        .type("\(name) must be \(kind), got \(value(name))")
    }
}
