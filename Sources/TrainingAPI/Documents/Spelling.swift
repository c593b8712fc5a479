/// Finds what somebody meant who misspelt a name.
enum Spelling {
    /// `; did you mean "x"?` for the nearest of `names`, or nothing where none is near.
    static func suggestion(for name: String, among names: [String]) -> String {
        nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// The name with the least edit distance to `name`, at most a third of its length.
    static func nearest(to name: String, among names: [String]) -> String? {
        let text = Array(name.lowercased().prefix(64))
        let limit = max(1, text.count / 3)
        let ranked = names.map { ($0, distance(text, Array($0.lowercased()))) }
        return ranked.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of
    /// neighbours count one each.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var rows = [Array(0...right.count)]
        for (i, character) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var cost = min(
                    rows[i][j + 1] + 1,
                    row[j] + 1,
                    rows[i][j] + (character == other ? 0 : 1)
                )
                if i > 0, j > 0, character == right[j - 1], left[i - 1] == other {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
