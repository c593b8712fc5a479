/// What a client takes, by its `Accept` field.
///
/// Source: RFC 9110, section 12.5.1: the most precise range decides over a type, and its weight over the
/// choice.
struct Accept {
    private struct Range {
        /// The type in lower case: `text/csv`, `text/*`, `*/*`.
        let type: String
        let weight: Double

        /// How precisely the range names `other`: 0 not at all, 3 by its very name.
        func precision(for other: String) -> Int {
            if type == other { return 3 }
            if type.hasSuffix("/*"), other.hasPrefix(type.dropLast()) { return 2 }
            return type == "*/*" ? 1 : 0
        }
    }

    /// The ranges; empty where anything will do.
    private let ranges: [Range]

    /// Reads a field's value; no field takes anything.
    init(_ field: String?) {
        ranges = (field ?? "").split(separator: ",").map { item in
            let parts = item.split(separator: ";", omittingEmptySubsequences: false).map {
                $0.filter { !$0.isWhitespace }.lowercased()
            }
            let weight = parts.dropFirst().last { $0.hasPrefix("q=") }.flatMap {
                Double($0.dropFirst(2))
            }
            return Range(type: parts[0], weight: weight ?? 1)
        }
    }

    /// The type among `types` that the client likes best, the earlier one of several it likes alike; `nil`
    /// where it takes none.
    func best(of types: [String]) -> String? {
        guard !ranges.isEmpty else { return types.first }
        var best: (type: String, weight: Double)?
        for type in types {
            let range = ranges.max { $0.precision(for: type) < $1.precision(for: type) }
            guard let range, range.precision(for: type) > 0, range.weight > best?.weight ?? 0
            else { continue }
            best = (type, range.weight)
        }
        return best?.type
    }
}
