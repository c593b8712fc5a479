/// Rates as comma-separated values, each in the shortest form that reads back to the same double.
enum RateTable {
    /// The names of the columns, then a line per step; several schedules have a column each, blank past their end.
    static func lines(_ curves: [PreviewCurve]) -> [String] {
        guard curves.count == 1, let curve = curves.first else { return several(curves) }
        let rows = zip(curve.steps, curve.rates)
        guard let momenta = curve.momenta else {
            return ["step,learning_rate"] + rows.map { "\($0),\($1)" }
        }
        return ["step,learning_rate,momentum"]
            + zip(rows, momenta).map { row, momentum in "\(row.0),\(row.1),\(momentum)" }
    }

    private static func several(_ curves: [PreviewCurve]) -> [String] {
        let columns = curves.map { curve in
            Dictionary(zip(curve.steps, curve.rates)) { first, _ in first }
        }
        let steps = Set(curves.flatMap(\.steps)).sorted()
        return [(["step"] + curves.map { quoted($0.label) }).joined(separator: ",")]
            + steps.map { step in
                "\(step)," + columns.map { $0[step].map { "\($0)" } ?? "" }.joined(separator: ",")
            }
    }

    /// The text in quotes where a comma or a quote stands in it (RFC 4180).
    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
