/// A metric's points: steps that ascend, one value each.
package struct Curve: Hashable, Sendable {
    /// The steps.
    package private(set) var steps: [Int] = []
    /// The values; not always finite.
    package private(set) var values: [Double] = []

    /// Makes an empty curve.
    package init() {}

    /// Makes a curve of `values` at `steps`.
    package init(steps: [Int], values: [Double]) {
        precondition(steps.count == values.count, "a curve has one value per step")
        self.steps = steps
        self.values = values
    }

    /// The number of points.
    package var count: Int { steps.count }

    /// Adds a point behind the last one.
    package mutating func append(step: Int, value: Double) {
        steps.append(step)
        values.append(value)
    }

    /// Adds the points of `curve`, whose steps lie behind.
    package mutating func append(_ curve: Curve) {
        steps += curve.steps
        values += curve.values
    }

    /// The points at `range`'s steps.
    package func points(in range: Range<Int>) -> Curve {
        let lower = steps.partitioningIndex { $0 >= range.lowerBound }
        let upper = max(lower, steps.partitioningIndex { $0 >= range.upperBound })
        return Curve(steps: Array(steps[lower..<upper]), values: Array(values[lower..<upper]))
    }

    /// The value at a step, drawn straight between the points beside it, and from 0 at step 0; `nil` past
    /// the last point.
    func value(interpolatedAt step: Int) -> Double? {
        let next = steps.partitioningIndex { $0 >= step }
        guard next < count else { return nil }
        let (before, from) = next > 0 ? (values[next - 1], steps[next - 1]) : (0, 0)
        guard steps[next] > from else { return values[next] }
        let share = Double(step - from) / Double(steps[next] - from)
        return before + (values[next] - before) * share
    }

    /// At most `limit` points that show the same picture, as a ``CurveThinner`` chooses them.
    ///
    /// - Parameter limit: The most points to keep; at least 2.
    /// - Returns: The curve itself where it has no more than `limit` points.
    package func thinned(to limit: Int) -> Curve {
        guard count > limit else { return self }
        var thinner = CurveThinner(of: count, to: limit)
        thinner.add(self)
        return thinner.finish()
    }
}

extension Array {
    /// The first index whose element satisfies `predicate`, where all behind it do too.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var lower = startIndex
        var upper = endIndex
        while lower < upper {
            let middle = lower + (upper - lower) / 2
            if predicate(self[middle]) { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}
