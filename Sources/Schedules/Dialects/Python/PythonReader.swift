/// Reads one expression of Python, with the names that statements before it have set.
struct PythonReader {
    /// The deepest nesting that is read.
    private static let maximumDepth = 64

    let text: [Character]
    let end: Int
    var place: Int
    /// What earlier statements gave names.
    let names: [String: PythonExpression]
    /// What `len(…)` is; `nil` where nobody said.
    let batchesPerEpoch: Int?
    private var depth = 0

    init(
        _ text: [Character],
        _ range: Range<Int>,
        names: [String: PythonExpression],
        batchesPerEpoch: Int?
    ) {
        self.text = text
        place = range.lowerBound
        end = range.upperBound
        self.names = names
        self.batchesPerEpoch = batchesPerEpoch
    }

    /// Reads an expression that takes all that is left.
    mutating func whole() throws(PythonFailure) -> PythonExpression {
        let expression = try expression()
        skipSpace()
        guard place == end else { throw unexpected("the end") }
        return expression
    }

    mutating func expression() throws(PythonFailure) -> PythonExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw failure("it is nested deeper than \(Self.maximumDepth) levels")
        }
        var left = try product()
        while let sign = takeOne(of: ["+", "-"]) {
            let (first, second) = try numbers(left, product())
            left = .value(.number(sign == "+" ? first + second : first - second))
        }
        return left
    }

    private mutating func product() throws(PythonFailure) -> PythonExpression {
        var left = try unary()
        while let sign = takeOne(of: ["*", "/", "%"]) {
            let isFloor = sign == "/" && takeAdjacent("/")
            let start = place
            let (first, second) = try numbers(left, unary())
            left = try PythonFailure.at(start) { () throws(LibraryFailure) in
                switch sign {
                case "*": .value(.number(first * second))
                case "%": .value(.number(try PythonNumber.divideDown(first, second).remainder))
                default:
                    .value(
                        .number(
                            isFloor
                                ? try PythonNumber.divideDown(first, second).quotient
                                : try PythonNumber.divide(first, second)
                        )
                    )
                }
            }
        }
        return left
    }

    /// A signed power; the sign binds less than `**`, as in Python.
    private mutating func unary() throws(PythonFailure) -> PythonExpression {
        guard let sign = takeOne(of: ["-", "+"]) else { return try power() }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw failure("it is nested deeper than \(Self.maximumDepth) levels")
        }
        let (_, number) = try numbers(.value(0), unary())
        return .value(.number(sign == "-" ? -number : number))
    }

    private mutating func power() throws(PythonFailure) -> PythonExpression {
        let base = try postfix(primary())
        skipSpace()
        guard place + 1 < end, text[place] == "*", text[place + 1] == "*" else { return base }
        place += 2
        let start = place
        let (first, second) = try numbers(base, unary())
        return .value(
            .number(
                try PythonFailure.at(start) { () throws(LibraryFailure) in
                    try PythonNumber.power(first, second)
                }
            )
        )
    }

    /// What is read off a value, such as `optimizer.param_groups[0]`, is a name without a value.
    private mutating func postfix(
        _ base: PythonExpression
    ) throws(PythonFailure) -> PythonExpression {
        var value = base
        while let next = peekAfterSpace, next == "[" || next == "." {
            switch base {
            case .name, .call: break
            default: return value
            }
            skipSpace()
            let start = place
            place += 1
            if next == "[" {
                while !take("]") {
                    _ = try expression()
                    guard take(",") || take(":") || peekAfterSpace == "]" else {
                        throw unexpected("a closing bracket")
                    }
                }
            } else {
                guard word() != nil else { throw unexpected("a name") }
                if take("(") { _ = try call("", at: start) }
            }
            value = .name("what is read off a value", place: start)
        }
        return value
    }

    /// Two operands that must be numbers.
    private func numbers(
        _ left: PythonExpression,
        _ right: PythonExpression
    ) throws(PythonFailure) -> (Double, Double) {
        guard case .value(.number(let first)) = left, case .value(.number(let second)) = right
        else {
            for case .name(let name, let place) in [left, right] {
                throw PythonFailure(
                    place: place,
                    message: "the value of \(name) is not in the code; write it out"
                )
            }
            throw failure("arithmetic is read on numbers alone; write its result")
        }
        return (first, second)
    }
}

extension PythonReader {
    var peek: Character? { place < end ? text[place] : nil }

    var peekAfterSpace: Character? { text[place..<end].first { !$0.isWhitespace } }

    mutating func skipSpace() {
        while let next = peek, next.isWhitespace { place += 1 }
    }

    mutating func take(_ character: Character) -> Bool {
        skipSpace()
        return takeAdjacent(character)
    }

    mutating func takeAdjacent(_ character: Character) -> Bool {
        guard peek == character else { return false }
        place += 1
        return true
    }

    private mutating func takeOne(of characters: [Character]) -> Character? {
        skipSpace()
        // A power is no product, and what follows it belongs to it.
        if peek == "*", place + 1 < end, text[place + 1] == "*" { return nil }
        return characters.first { takeAdjacent($0) }
    }

    /// A name with dots; `nil` where there is none, and then nothing is taken.
    mutating func word() -> String? {
        guard let first = peek, first.isLetter || first == "_" else { return nil }
        var name = ""
        while let next = peek, next.isLetter || next.isNumber || next == "_" || next == "." {
            name.append(next)
            place += 1
        }
        return name
    }

    func failure(_ message: String) -> PythonFailure {
        PythonFailure(place: place, message: message)
    }

    func unexpected(_ expected: String) -> PythonFailure {
        let found = peekAfterSpace.map { "\"\($0)\"" } ?? "the end"
        let skipped = text[place..<end].prefix { $0.isWhitespace }.count
        let here = peekAfterSpace == nil ? place : place + skipped
        return PythonFailure(place: here, message: "expected \(expected), found \(found)")
    }
}
