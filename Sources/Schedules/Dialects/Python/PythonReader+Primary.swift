extension PythonReader {
    /// A literal, a list, a dictionary, a name or a call.
    mutating func primary() throws(PythonFailure) -> PythonExpression {
        skipSpace()
        let start = place
        guard let next = peek else { throw unexpected("a value") }
        if next.isNumber || next == "." { return .value(.number(try number())) }
        if next == "\"" || next == "'" { return .value(.text(try string(next))) }
        if take("[") { return try items(until: "]") }
        if take("{") { return try dictionary() }
        if take("(") { return try parenthesis() }
        guard let name = word() else { throw unexpected("a value") }
        switch name {
        case "None": return .value(.null)
        case "True": return .value(.flag(true))
        case "False": return .value(.flag(false))
        case "lambda": return try function(at: start)
        default: break
        }
        guard take("(") else { return names[name] ?? .name(name, place: start) }
        return try call(name, at: start)
    }

    /// The rest of a call behind its opening parenthesis; one of a few functions on numbers is worked out.
    mutating func call(
        _ name: String,
        at start: Int
    ) throws(PythonFailure) -> PythonExpression {
        var call = PythonCall(name: name, place: start)
        while !take(")") {
            skipSpace()
            let before = place
            while takeAdjacent("*") {}  // *args and **kwargs say nothing that can be read.
            if let key = word(), take("="), peek != "=" {
                call.named.append((key, try expression()))
            } else {
                place = before
                while takeAdjacent("*") {}
                let value = try expression()
                if text[before] != "*" { call.positional.append(value) }
            }
            guard take(",") || peekAfterSpace == ")" else { throw unexpected("a comma") }
        }
        if name == "len", let batchesPerEpoch { return .value(.number(Double(batchesPerEpoch))) }
        if let number = Self.number(call) { return .value(.number(number)) }
        if let fields = Self.dictionary(call) { return .value(.object(fields)) }
        if case .name(let known, _)? = names[name] {
            // An imported name stands for the one that it was imported as.
            return .call(
                PythonCall(
                    name: known,
                    place: start,
                    positional: call.positional,
                    named: call.named
                )
            )
        }
        return .call(call)
    }

    /// What `int(…)` and the like give for numbers; `nil` for other calls.
    private static func number(_ call: PythonCall) -> Double? {
        var numbers: [Double] = []
        for argument in call.positional {
            guard case .value(.number(let number)) = argument else { return nil }
            numbers.append(number)
        }
        guard call.named.isEmpty, let first = numbers.first else { return nil }
        switch (call.baseName, numbers.count) {
        case ("int", 1): return first.rounded(.towardZero)
        case ("float", 1): return first
        case ("round", 1): return first.rounded(.toNearestOrEven)
        case ("abs", 1): return abs(first)
        case ("ceil", 1): return first.rounded(.up)
        case ("floor", 1): return first.rounded(.down)
        case ("min", 2...): return numbers.min()
        case ("max", 2...): return numbers.max()
        default: return nil
        }
    }

    /// What `dict(key=value, …)` gives for literals; `nil` for other calls.
    private static func dictionary(_ call: PythonCall) -> [String: LibraryValue]? {
        guard call.name == "dict", call.positional.isEmpty else { return nil }
        var fields: [String: LibraryValue] = [:]
        for (name, value) in call.named {
            guard case .value(let content) = value else { return nil }
            fields[name] = content
        }
        return fields
    }

    private mutating func parenthesis() throws(PythonFailure) -> PythonExpression {
        if take(")") { return .value(.list([])) }
        let inner = try expression()
        if take(")") { return inner }
        guard take(",") else { throw unexpected("a closing parenthesis") }
        return Self.joined([inner] + (try list(until: ")")))
    }

    private mutating func items(until end: Character) throws(PythonFailure) -> PythonExpression {
        Self.joined(try list(until: end))
    }

    private mutating func list(until end: Character) throws(PythonFailure) -> [PythonExpression] {
        var items: [PythonExpression] = []
        while !take(end) {
            items.append(try expression())
            guard take(",") || peekAfterSpace == end else { throw unexpected("a comma") }
        }
        return items
    }

    private mutating func dictionary() throws(PythonFailure) -> PythonExpression {
        var fields: [String: LibraryValue] = [:]
        while !take("}") {
            guard case .value(let key) = try expression(), take(":") else {
                throw unexpected("a key and a value")
            }
            let value = try expression()
            if case .name(let name, let place) = value {
                throw PythonFailure(
                    place: place,
                    message: "the value of \(name) is not in the code; write it out"
                )
            }
            guard case .value(let content) = value else { throw unexpected("a key and a value") }
            switch key {
            case .text(let text): fields[text] = content
            case .number(let number): fields[number.plain] = content
            default: throw unexpected("a number or a string as a key")
            }
            guard take(",") || peekAfterSpace == "}" else { throw unexpected("a comma") }
        }
        return .value(.object(fields))
    }

    /// A lambda, which can be read where it is a number.
    private mutating func function(at start: Int) throws(PythonFailure) -> PythonExpression {
        while let next = peek, next != ":" { place += 1 }
        if take(":"), case .value(.number(let number))? = try? expression(),
            peekAfterSpace == nil || peekAfterSpace == "," || peekAfterSpace == ")"
        {
            // A lambda that cannot be read is told below.
            return .constantFunction(number)
        }
        throw PythonFailure(
            place: start,
            message: "a lambda cannot be read; give its factors by step as table=[…]"
        )
    }

    private mutating func number() throws(PythonFailure) -> Double {
        let start = place
        var digits = ""
        while let next = peek,
            next.isNumber || next == "." || next == "_" || next == "e" || next == "E"
                || ((next == "-" || next == "+") && digits.lowercased().hasSuffix("e"))
        {
            if next != "_" { digits.append(next) }
            place += 1
        }
        guard let number = Double(digits.hasSuffix(".") ? digits + "0" : digits) else {
            throw PythonFailure(place: start, message: "\"\(digits)\" is no number")
        }
        return number
    }

    private mutating func string(_ quote: Character) throws(PythonFailure) -> String {
        place += 1
        var content = ""
        while let next = peek, next != quote {
            content.append(next)
            place += 1
        }
        guard take(quote) else { throw unexpected("a closing quote") }
        return content
    }

    /// A list of literals as one literal, another as a list of expressions.
    private static func joined(_ items: [PythonExpression]) -> PythonExpression {
        var values: [LibraryValue] = []
        for item in items {
            guard case .value(let value) = item else { return .list(items) }
            values.append(value)
        }
        return .value(.list(values))
    }
}
