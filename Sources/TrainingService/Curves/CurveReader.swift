internal import Jobs

/// Reads a job's curves a window of steps at a time: however long a job ran, and however many metrics it
/// has, the memory that an answer takes is bounded.
struct CurveReader {
    /// How many points are in memory at once, beside those that are answered, of up to 64 curves.
    private static let stride = 262_144
    /// The fewest steps of a window, which are those of a stored chunk: so each is read once or twice.
    private static let leastWidth = 4_096

    private let store: any JobStore
    private let id: JobID
    private let steps: Range<Int>

    /// A reader of some steps of a job.
    init(_ store: any JobStore, _ record: JobRecord, in steps: Range<Int>) {
        self.store = store
        id = record.id
        self.steps = steps
        // What scripts measured past the newest update is in a window of its own.
        let reached = min(max(record.step + 1, steps.lowerBound), steps.upperBound)
        reach = steps.lowerBound..<reached
    }

    /// The steps that the job has come to.
    private let reach: Range<Int>

    /// The windows of steps, in order, for some curves that are read together.
    ///
    /// Up to where the job has come they are of one width. Beyond, where a script may have measured at any
    /// steps, they are as wide as the points are sparse, and stand only where some are.
    ///
    /// - Throws: `JobStoreError`.
    func windows(for names: [String]) throws -> [Range<Int>] {
        let width = max(Self.leastWidth, Self.stride / max(names.count, 1))
        let ends = Swift.stride(from: reach.lowerBound, to: reach.upperBound, by: width)
        let windows = ends.map { $0..<min($0 + width, reach.upperBound) }
        let beyond = reach.upperBound..<steps.upperBound
        guard !beyond.isEmpty else { return windows }
        let names = Set(names)
        return try windows + parts(of: beyond, points(in: beyond, names), names)
    }

    /// Those parts of some steps that hold a point, each cut until it holds few.
    ///
    /// A chunk counts whole wherever it reaches to, so that of wide ones both halves may hold nearly what the
    /// whole does: to cut on would only read them more often.
    private func parts(
        of steps: Range<Int>,
        _ points: Int,
        _ names: Set<String>
    ) throws -> [Range<Int>] {
        guard points > 0 else { return [] }
        guard points > Self.stride, steps.count > Self.leastWidth else { return [steps] }
        let middle = steps.lowerBound + steps.count / 2
        let halves = [steps.lowerBound..<middle, middle..<steps.upperBound]
        let counts = try halves.map { try self.points(in: $0, names) }
        guard counts[0] + counts[1] < points + points / 2 else { return [steps] }
        return try zip(halves, counts).flatMap { try parts(of: $0, $1, names) }
    }

    /// The points of the chunks that reach into some steps.
    private func points(in steps: Range<Int>, _ names: Set<String>) throws -> Int {
        try store.pointCount(of: id, names: names, in: SeriesEncoding.updates(showing: steps))
    }

    /// The points of some curves in a window; curves without any are left out.
    ///
    /// - Throws: `JobStoreError`; `CurveCoding.CorruptCurve`.
    func curves(_ names: [String], in window: Range<Int>) throws -> [(name: String, curve: Curve)] {
        let segments = try store.series(
            of: id,
            names: Set(names),
            in: SeriesEncoding.updates(showing: window)
        )
        return try SeriesEncoding.curves(of: segments, in: window)
    }

    /// Some curves, each of at most `limit` points; those without any are left out.
    ///
    /// - Parameters:
    ///   - names: The curves' names.
    ///   - limit: The most points to keep of each; at least 2.
    /// - Returns: The curves by name, and how many points there are of each.
    /// - Throws: `JobStoreError`; `CurveCoding.CorruptCurve`.
    func thinned(
        _ names: [String],
        to limit: Int
    ) throws -> [(name: String, curve: Curve, count: Int)] {
        let sorted = names.sorted()
        // Short runs are read several curves at a time and once, long ones a curve at a time and twice.
        let batch = max(1, min(64, Self.stride / max(reach.count, 1)))
        return try Swift.stride(from: 0, to: sorted.count, by: batch).flatMap { start in
            let names = Array(sorted[start..<min(start + batch, sorted.count)])
            let windows = try windows(for: names)
            let isLong =
                reach.count > Self.stride
                || windows.count { $0.lowerBound >= reach.upperBound } > 1
            var counts: [String: Int] = [:]
            var whole: [String: Curve] = [:]
            for window in windows {
                for (name, curve) in try curves(names, in: window) {
                    counts[name, default: 0] += curve.count
                    if !isLong { whole[name, default: Curve()].append(curve) }
                }
            }
            if isLong { whole = try thinned(counts, windows, to: limit) }
            return names.compactMap { name -> (name: String, curve: Curve, count: Int)? in
                guard let count = counts[name], let curve = whole[name] else { return nil }
                return (name, curve.thinned(to: limit), count)
            }
        }
    }

    /// Curves of which so many points are known, thinned as they are read.
    private func thinned(
        _ counts: [String: Int],
        _ windows: [Range<Int>],
        to limit: Int
    ) throws -> [String: Curve] {
        var thinners = counts.mapValues { CurveThinner(of: $0, to: limit) }
        for window in windows {
            for (name, curve) in try curves(Array(counts.keys), in: window) {
                thinners[name]?.add(curve)
            }
        }
        return thinners.mapValues { $0.finish() }
    }
}
