/// Reads one expression of Python, or `name = expression`.
struct PythonReader {
    private let text: [Character]
    private var place = 0
    private var depth = 0
    /// The deepest nesting that is read.
    private static let maximumDepth = 64

    /// Reads the whole of `text`.
    ///
    /// - Throws: A failure that says what was found and where.
    static func read(_ text: String) throws(LibraryFailure) -> PythonExpression {
        var reader = PythonReader(text: Array(text))
        let expression = try reader.statement()
        reader.skipSpace()
        guard reader.place == reader.text.count else { throw reader.unexpected("the end") }
        return expression
    }

    private init(text: [Character]) {
        self.text = text
    }

    private mutating func statement() throws(LibraryFailure) -> PythonExpression {
        let start = place
        skipSpace()
        if word() != nil, take("="), peek != "=" { return try expression() }
        place = start
        return try expression()
    }

    private mutating func expression() throws(LibraryFailure) -> PythonExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw .value("it is nested deeper than \(Self.maximumDepth) levels")
        }
        var left = try product()
        while let sign = takeOne(of: ["+", "-"]) {
            let (first, second) = try numbers(left, product())
            left = .value(.number(sign == "+" ? first + second : first - second))
        }
        return left
    }

    private mutating func product() throws(LibraryFailure) -> PythonExpression {
        var left = try power()
        while let sign = takeOne(of: ["*", "/"]) {
            let isFloor = sign == "/" && takeAdjacent("/")
            let (first, second) = try numbers(left, power())
            left = .value(
                .number(
                    sign == "*"
                        ? first * second
                        : isFloor
                            ? try PythonNumber.divideDown(first, second).quotient
                            : try PythonNumber.divide(first, second)
                )
            )
        }
        return left
    }

    private mutating func power() throws(LibraryFailure) -> PythonExpression {
        let base = try unary()
        skipSpace()
        guard place + 1 < text.count, text[place] == "*", text[place + 1] == "*" else {
            return base
        }
        place += 2
        let (first, second) = try numbers(base, unary())
        return .value(.number(try PythonNumber.power(first, second)))
    }

    private mutating func unary() throws(LibraryFailure) -> PythonExpression {
        var isNegative = false
        var isSigned = false
        while let sign = takeOne(of: ["-", "+"]) {
            isSigned = true
            if sign == "-" { isNegative.toggle() }
        }
        guard isSigned else { return try primary() }
        let (_, number) = try numbers(.value(0), primary())
        return .value(.number(isNegative ? -number : number))
    }

    private mutating func primary() throws(LibraryFailure) -> PythonExpression {
        skipSpace()
        guard let next = peek else { throw unexpected("a value") }
        if next.isNumber || next == "." { return .value(.number(try number())) }
        if next == "\"" || next == "'" { return .value(.text(try string(next))) }
        if take("[") { return try items(until: "]") }
        if take("{") { return try dictionary() }
        if take("(") {
            let inner = try expression()
            if take(")") { return inner }
            guard take(",") else { throw unexpected("a closing parenthesis") }
            guard case .list(let rest) = Self.spread(try items(until: ")")) else {
                throw unexpected("a tuple")
            }
            return Self.joined([inner] + rest)
        }
        guard let name = word() else { throw unexpected("a value") }
        switch name {
        case "None": return .value(.null)
        case "True": return .value(.flag(true))
        case "False": return .value(.flag(false))
        case "lambda":
            throw .value("a lambda cannot be read; give its factors by step as table=[…]")
        default: return take("(") ? try call(name) : .name(name)
        }
    }

    private mutating func call(_ name: String) throws(LibraryFailure) -> PythonExpression {
        var positional: [PythonExpression] = []
        var named: [(name: String, value: PythonExpression)] = []
        while !take(")") {
            let start = place
            skipSpace()
            if let key = word(), take("="), peek != "=" {
                named.append((key, try expression()))
            } else {
                place = start
                positional.append(try expression())
            }
            guard take(",") || peekAfterSpace == ")" else { throw unexpected("a comma") }
        }
        return .call(name, positional, named)
    }

    private mutating func items(
        until end: Character
    ) throws(LibraryFailure) -> PythonExpression {
        var items: [PythonExpression] = []
        while !take(end) {
            items.append(try expression())
            guard take(",") || peekAfterSpace == end else { throw unexpected("a comma") }
        }
        return Self.joined(items)
    }

    private mutating func dictionary() throws(LibraryFailure) -> PythonExpression {
        var fields: [String: LibraryValue] = [:]
        while !take("}") {
            guard case .value(let key) = try expression(), take(":"),
                case .value(let value) = try expression()
            else { throw unexpected("a key and a value") }
            switch key {
            case .text(let text): fields[text] = value
            case .number(let number): fields[number.plain] = value
            default: throw unexpected("a number or a string as a key")
            }
            guard take(",") || peekAfterSpace == "}" else { throw unexpected("a comma") }
        }
        return .value(.object(fields))
    }

    private mutating func number() throws(LibraryFailure) -> Double {
        var digits = ""
        while let next = peek,
            next.isNumber || next == "." || next == "_" || next == "e" || next == "E"
                || ((next == "-" || next == "+") && digits.lowercased().hasSuffix("e"))
        {
            if next != "_" { digits.append(next) }
            place += 1
        }
        guard let number = Double(digits.hasSuffix(".") ? digits + "0" : digits) else {
            throw .value("\"\(digits)\" is no number")
        }
        return number
    }

    private mutating func string(_ quote: Character) throws(LibraryFailure) -> String {
        place += 1
        var content = ""
        while let next = peek, next != quote {
            content.append(next)
            place += 1
        }
        guard take(quote) else { throw unexpected("a closing quote") }
        return content
    }

    /// A name with dots; `nil` where there is none, and then nothing is taken.
    private mutating func word() -> String? {
        guard let first = peek, first.isLetter || first == "_" else { return nil }
        var name = ""
        while let next = peek, next.isLetter || next.isNumber || next == "_" || next == "." {
            name.append(next)
            place += 1
        }
        return name
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

    private static func spread(_ list: PythonExpression) -> PythonExpression {
        guard case .value(.list(let values)) = list else { return list }
        return .list(values.map(PythonExpression.value))
    }

    private func numbers(
        _ left: PythonExpression,
        _ right: PythonExpression
    ) throws(LibraryFailure) -> (Double, Double) {
        guard case .value(.number(let first)) = left, case .value(.number(let second)) = right
        else { throw .value("arithmetic is read on numbers alone; write its result") }
        return (first, second)
    }

    private var peek: Character? { place < text.count ? text[place] : nil }

    private var peekAfterSpace: Character? { text[place...].first { !$0.isWhitespace } }

    private mutating func skipSpace() {
        while let next = peek, next.isWhitespace { place += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        return takeAdjacent(character)
    }

    private mutating func takeAdjacent(_ character: Character) -> Bool {
        guard peek == character else { return false }
        place += 1
        return true
    }

    private mutating func takeOne(of characters: [Character]) -> Character? {
        characters.first { take($0) }
    }

    private func unexpected(_ expected: String) -> LibraryFailure {
        let found = peekAfterSpace.map { "\"\($0)\"" } ?? "the end"
        return .value("expected \(expected) at character \(place + 1), found \(found)")
    }
}
