/// Segments in order of their starts, laid out for evaluation without allocation.
struct Lane: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        let start: Int
        let floor: Double
        let first: Term
        let others: Range<Int>
    }

    private let entries: [Entry]
    /// The factors after the first, of the segments that have several.
    private let factors: [Term]

    /// Lays out segments; `nil` where there are none.
    init?(_ segments: [Segment]) {
        guard !segments.isEmpty else { return nil }
        var entries: [Entry] = []
        var factors: [Term] = []
        for segment in segments {
            let first = factors.count
            factors += segment.terms.dropFirst()
            let entry = Entry(
                start: segment.start,
                floor: segment.floor,
                first: segment.terms[0],
                others: first..<factors.count
            )
            if entries.last?.start == segment.start { entries.removeLast() }
            entries.append(entry)
        }
        self.entries = entries
        self.factors = factors
    }

    /// The first step of each segment, rising.
    var starts: [Int] { entries.map(\.start) }

    /// The value at a step of the run; before the first segment, the first segment's.
    @inline(__always)
    func value(at step: Int, feedback: Double? = nil) -> Double {
        value(of: entries[index(at: step)], at: step, feedback: feedback)
    }

    @inline(__always)
    private func value(of entry: Entry, at step: Int, feedback: Double?) -> Double {
        var value = entry.first.value(at: step, feedback: feedback)
        for factor in entry.others {
            value *= factors[factor].value(at: step, feedback: feedback)
        }
        return max(value, entry.floor)
    }

    /// Writes the values of consecutive steps, each segment in one go; steps past `last` have its value.
    func fill(
        _ buffer: UnsafeMutableBufferPointer<Double>,
        from first: Int,
        last: Int,
        feedback: Double?
    ) {
        var place = index(at: min(first, last))
        var written = 0
        while written < buffer.count {
            let entry = entries[place]
            let next = place + 1 < entries.count ? entries[place + 1].start : Int.max
            let end = first + written >= last ? buffer.count : min(buffer.count, next - first)
            for index in written..<end {
                buffer[index] = value(of: entry, at: min(first + index, last), feedback: feedback)
            }
            written = end
            place += 1
        }
    }

    /// The place of the segment that holds `step`.
    @inline(__always)
    private func index(at step: Int) -> Int {
        var low = 0
        var high = entries.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if entries[middle].start <= step { low = middle } else { high = middle }
        }
        return low
    }
}
