/// Segments in order of their starts, laid out for evaluation without allocation.
struct Lane: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        /// A factor that moves, or any where none does.
        let first: Term
        /// The product of the other factors that do not move.
        let scale: Double
        let floor: Double
        /// The places of the other factors that move among `factors`.
        let others: Range<Int>

        /// Folds a segment's constants into one number, and adds what moves beside the first to `factors`.
        init(_ segment: Segment, factors: inout [Term]) {
            let place = segment.terms.firstIndex { $0.constantValue == nil } ?? 0
            let count = factors.count
            var scale = 1.0
            for (index, term) in segment.terms.enumerated() where index != place {
                if let value = term.constantValue {
                    scale *= value
                } else {
                    factors.append(term)
                }
            }
            first = segment.terms[place]
            self.scale = scale
            floor = segment.floor
            others = count..<factors.count
        }
    }

    /// The first step of each segment, rising; apart from the rest, so that a search touches little memory.
    let starts: [Int]
    private let entries: [Entry]
    /// The factors that move after the first, of the segments that have several.
    private let factors: [Term]

    /// Where to begin a search: the place of the segment at every 2^`spread`-th step from the first start.
    private let marks: [Int]
    private let spread: Int

    /// Lays out segments, which may be none.
    init(_ segments: [Segment]) {
        var starts: [Int] = []
        var entries: [Entry] = []
        var factors: [Term] = []
        for segment in segments {
            if starts.last == segment.start {
                starts.removeLast()
                entries.removeLast()
            }
            starts.append(segment.start)
            entries.append(Entry(segment, factors: &factors))
        }
        self.starts = starts
        (spread, marks) = Self.marks(of: starts)
        self.entries = entries
        self.factors = factors
    }

    /// Whether there is no segment.
    @inline(__always)
    var isEmpty: Bool { starts.isEmpty }

    /// The value at a step of the run; before the first segment, the first segment's.
    @inline(__always)
    func value(at step: Int, feedback: Double? = nil) -> Double {
        value(in: index(at: step), at: step, feedback: feedback)
    }

    @inline(__always)
    private func value(in place: Int, at step: Int, feedback: Double?) -> Double {
        var value =
            entries[place].first.value(at: step, feedback: feedback) * entries[place].scale
        for factor in entries[place].others {
            value *= factors[factor].value(at: step, feedback: feedback)
        }
        return max(value, entries[place].floor)
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
            let next = place + 1 < entries.count ? starts[place + 1] : Int.max
            let end = first + written >= last ? buffer.count : min(buffer.count, next - first)
            for index in written..<end {
                buffer[index] = value(in: place, at: min(first + index, last), feedback: feedback)
            }
            written = end
            place += 1
        }
    }

    /// The place of the segment that holds `step`: O(log segments), and a look or two where they are spread evenly.
    @inline(__always)
    private func index(at step: Int) -> Int {
        guard starts.count > 1 else { return 0 }
        let mark = min(max(step - starts[0], 0) >> spread, marks.count - 2)
        var low = marks[mark]
        var high = marks[mark + 1] + 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= step { low = middle } else { high = middle }
        }
        return low
    }

    /// The place of the segment at each 2^`spread`-th step from the first start, to one past the last start.
    private static func marks(of starts: [Int]) -> (spread: Int, marks: [Int]) {
        guard let first = starts.first, let last = starts.last, first < last else { return (0, []) }
        var spread = 0
        while (last - first) >> spread > 2 * starts.count { spread += 1 }
        var place = 0
        let marks = (0...((last - first) >> spread) + 2).map { mark in
            while place + 1 < starts.count, starts[place + 1] <= first + mark << spread {
                place += 1
            }
            return place
        }
        return (spread, marks)
    }
}
