/// Thins a curve as its points come, so that it is never in memory whole.
///
/// The points are cut into equal buckets; of each, the first, last, least and greatest stay, so that no
/// spike is lost. Values that are not finite count as greatest: they are never thinned away by a finite
/// one. The same points always give the same result.
struct CurveThinner {
    /// What is known of a bucket.
    private struct Bucket {
        typealias Point = (index: Int, step: Int, value: Double)

        let first: Point
        var last: Point
        var least: Point
        var greatest: Point

        init(_ point: Point) {
            (first, last, least, greatest) = (point, point, point, point)
        }

        mutating func add(_ point: Point) {
            last = point
            if Self.rank(point) < Self.rank(least) { least = point }
            if Self.rank(point) > Self.rank(greatest) { greatest = point }
        }

        private static func rank(_ point: Point) -> Double {
            point.value.isFinite ? point.value : .infinity
        }
    }

    private let count: Int
    private let limit: Int
    private var index = 0
    private var place = 0
    private var bucket: Bucket?
    private var kept = Curve()

    /// Begins with no point.
    ///
    /// - Parameters:
    ///   - count: How many points will come; more of them belong to the last bucket.
    ///   - limit: The most points to keep; at least 2.
    init(of count: Int, to limit: Int) {
        precondition(limit >= 2, "a thinned curve keeps at least its ends, not \(limit)")
        self.count = count
        self.limit = limit
    }

    /// Takes the next points.
    mutating func add(_ curve: Curve) {
        guard count > limit else { return kept.append(curve) }
        for (step, value) in zip(curve.steps, curve.values) { add((index, step, value)) }
    }

    /// The curve: all points where there are no more than the limit.
    consuming func finish() -> Curve {
        end()
        return kept
    }

    private var buckets: Int { limit / 4 }

    private mutating func add(_ point: Bucket.Point) {
        if buckets == 0 {
            // There is room for the ends alone.
            if index == 0 { kept.append(step: point.step, value: point.value) }
            bucket = index == 0 ? nil : Bucket(point)
        } else {
            if place + 1 < buckets, index >= (place + 1) * count / buckets {
                end()
                place += 1
            }
            if bucket == nil { bucket = Bucket(point) } else { bucket?.add(point) }
        }
        index += 1
    }

    /// Keeps what is to be kept of the bucket.
    private mutating func end() {
        guard let bucket else { return }
        let points = [bucket.first, bucket.least, bucket.greatest, bucket.last]
        var last = -1
        for point in points.sorted(by: { $0.index < $1.index }) where point.index != last {
            last = point.index
            kept.append(step: point.step, value: point.value)
        }
        self.bucket = nil
    }
}
