internal import Jobs
internal import TrainingAPI

/// Stores reported series as chunks and reads chunks as curves.
///
/// A series with a value for every update is stored at its updates; one with values at counts of finished
/// updates, such as a validation, with the update before each.
enum SeriesEncoding {
    /// The chunks of a report's series.
    static func chunks(of report: WorkerReport) -> [SeriesChunk] {
        report.series.compactMap { series in
            guard let steps = series.steps else {
                guard !series.values.isEmpty else { return nil }
                return SeriesChunk(
                    series: series.name,
                    steps: report.fromStep..<report.toStep,
                    count: series.values.count,
                    payload: CurveCoding.encode(dense: series.values)
                )
            }
            guard let first = steps.first, let last = steps.last else { return nil }
            let origin = update(before: first)
            return SeriesChunk(
                series: series.name,
                steps: origin..<update(before: last) + 1,
                count: steps.count,
                payload: CurveCoding.encode(steps: steps, values: series.values, fromStep: origin)
            )
        }
    }

    /// The update that a value at a count of finished updates belongs to: the last one before it.
    ///
    /// A run that goes on from that count keeps the value.
    private static func update(before count: Int) -> Int {
        max(count - 1, 0)
    }

    /// The curves that segments of chunks make up, by name.
    ///
    /// - Parameter segments: The segments of a job, in the order of names and steps.
    /// - Returns: A curve for each name, in the order of the names.
    /// - Throws: `CurveCoding.CorruptCurve`.
    static func curves(of segments: [SeriesSegment]) throws -> [(name: String, curve: Curve)] {
        var curves: [(name: String, curve: Curve)] = []
        for segment in segments {
            var piece = Curve()
            try CurveCoding.decode(
                segment.chunk.payload,
                covering: segment.chunk.steps,
                into: &piece
            )
            if segment.steps != segment.chunk.steps {
                let updates = segment.steps
                let isDense = CurveCoding.isDense(segment.chunk.payload)
                let first = updates.lowerBound
                piece = piece.points(
                    in: isDense ? updates : (first == 0 ? 0 : first + 1)..<updates.upperBound + 1
                )
            }
            if curves.last?.name != segment.chunk.series {
                curves.append((segment.chunk.series, Curve()))
            }
            curves[curves.count - 1].curve.append(piece)
        }
        return curves
    }
}
