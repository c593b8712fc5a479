internal import HTTP
internal import TrainingAPI

/// Reads the parameters of a request's query and reports every fault among them.
struct QueryReader {
    private let query: Query
    private var known: Set<String> = []
    private var faults: [Fault] = []

    /// Begins to read the query of `request`.
    init(_ request: Request) {
        query = request.query
    }

    /// The text of `name`, which must not be there twice.
    mutating func text(_ name: String) -> String? {
        let texts = texts(name)
        if texts.count > 1 { report(name, "must be given once, not \(texts.count) times") }
        return texts.first
    }

    /// Every text of `name`.
    mutating func texts(_ name: String) -> [String] {
        known.insert(name)
        return query.all(name)
    }

    /// The texts whose names begin with `prefix`, by the rest of their names.
    mutating func texts(prefix: String) -> [String: String] {
        var texts: [String: String] = [:]
        for item in query.items where item.name.hasPrefix(prefix) {
            known.insert(item.name)
            texts[String(item.name.dropFirst(prefix.count))] = item.value
        }
        return texts
    }

    /// The whole number of `name` in `range`.
    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            report(
                name,
                "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\""
            )
            return nil
        }
        return number
    }

    /// The number of `name` in `range`.
    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Double? {
        guard let text = text(name) else { return nil }
        guard let number = Double(text),
            (Double(range.lowerBound)...Double(range.upperBound)).contains(number)
        else {
            report(
                name,
                "must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\""
            )
            return nil
        }
        return number
    }

    /// The flag of `name`; off where it is absent.
    mutating func flag(_ name: String) -> Bool {
        guard let text = text(name) else { return false }
        // Python writes its own `True` and `False` into a query.
        let word = text.lowercased()
        if ["true", "1", ""].contains(word) { return true }
        if ["false", "0"].contains(word) { return false }
        report(name, "must be true or false, not \"\(text)\"")
        return false
    }

    /// Reports a fault of the parameter `name`.
    mutating func report(_ name: String, _ detail: String) {
        faults.append(Fault(pointer: "?\(name)", detail: detail, code: .range))
    }

    /// Refuses parameters that nothing asked for, unless told otherwise, and everything that was reported.
    mutating func finish(refusesUnknown: Bool = true) throws(Problem) {
        for item in query.items where refusesUnknown && !known.contains(item.name) {
            let right =
                known.isEmpty
                ? "there are none here" : "known are \(known.sorted().joined(separator: ", "))"
            faults.append(
                Fault(
                    pointer: "?\(item.name)",
                    detail: "is not a parameter; \(right)",
                    code: .unknown
                )
            )
        }
        guard faults.isEmpty else { throw RequestBody.invalid(faults) }
    }
}
