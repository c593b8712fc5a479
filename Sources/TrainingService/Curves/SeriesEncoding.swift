internal import Jobs
internal import TrainingAPI

/// Stores reported series as chunks and reads chunks as curves.
///
/// A series with a value for every step of its report stands at updates. One that names its steps stands
/// at counts of finished updates, and the point at count n belongs to update n - 1: it is on the curve
/// as long as that update is.
enum SeriesEncoding {
    /// The series of the seconds of running at the end of each report.
    static let wallTime = "seconds"

    /// The series of the steps at which a script used the plan's rates: 1 at each.
    static let planned = "planned"

    /// The most points of a chunk, which is read as a whole: what a worker reports at a time.
    private static let chunkLength = 4_096

    /// The chunks of a report's series.
    static func chunks(of report: WorkerReport) -> [SeriesChunk] {
        var all = report.series
        if report.isPlanned {
            let ones = [Double](repeating: 1, count: report.toStep - report.fromStep)
            all.append(WorkerReport.Series(name: planned, values: ones))
        }
        return all.flatMap { series in
            stride(from: 0, to: series.values.count, by: chunkLength).map { start in
                let range = start..<min(start + chunkLength, series.values.count)
                return chunk(of: series, range, from: report.fromStep)
            }
        }
    }

    /// The chunk of some values of a series in a report that begins at update `first`.
    private static func chunk(
        of series: WorkerReport.Series,
        _ range: Range<Int>,
        from first: Int
    ) -> SeriesChunk {
        let values = Array(series.values[range])
        guard let steps = series.steps.map({ Array($0[range]) }), let low = steps.first,
            let high = steps.last
        else {
            return SeriesChunk(
                series: series.name,
                steps: first + range.lowerBound..<first + range.upperBound,
                count: values.count,
                payload: CurveCoding.encode(dense: values)
            )
        }
        let updates = update(of: low)..<update(of: high) + 1
        return SeriesChunk(
            series: series.name,
            steps: updates,
            count: values.count,
            payload: CurveCoding.encode(steps: steps, values: values, fromStep: updates.lowerBound)
        )
    }

    /// The update to which the point at a count of finished updates belongs.
    private static func update(of count: Int) -> Int { max(0, count - 1) }

    /// The updates to ask the store for, so that every point at `steps` is among their segments.
    static func updates(showing steps: Range<Int>) -> Range<Int> {
        update(of: steps.lowerBound)..<steps.upperBound
    }

    /// The curves that segments of chunks make up, by name.
    ///
    /// - Parameters:
    ///   - segments: The segments of a job at ``updates(showing:)`` of `steps`, in the order of names and
    ///     steps.
    ///   - steps: The steps to show.
    /// - Returns: A curve for each name, in the order of the names.
    /// - Throws: `CurveCoding.CorruptCurve`.
    static func curves(
        of segments: [SeriesSegment],
        in steps: Range<Int>
    ) throws -> [(name: String, curve: Curve)] {
        var curves: [(name: String, curve: Curve)] = []
        for segment in segments {
            var piece = Curve()
            let form = try CurveCoding.decode(
                segment.chunk.payload,
                covering: segment.chunk.steps,
                into: &piece
            )
            let live = segment.steps
            switch form {
            case .dense, .constant: piece = piece.points(in: live.clamped(to: steps))
            case .sparse:
                let first = live.lowerBound == 0 ? 0 : live.lowerBound + 1
                piece = piece.points(in: (first..<live.upperBound + 1).clamped(to: steps))
            }
            if curves.last?.name != segment.chunk.series {
                curves.append((segment.chunk.series, Curve()))
            }
            curves[curves.count - 1].curve.append(piece)
        }
        return curves.filter { $0.curve.count > 0 }
    }
}
