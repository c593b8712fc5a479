/// Lines at the end of the terminal that are drawn over by the next ones.
struct LiveDisplay {
    private var height = 0

    /// What to write so that `lines` take the place of the lines drawn last.
    mutating func text(_ lines: [String]) -> String {
        let back = height > 0 ? "\u{1B}[\(height)A" : ""
        height = lines.count
        return "\r\(back)" + lines.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J"
    }
}
