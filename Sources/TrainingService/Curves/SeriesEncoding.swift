internal import Jobs
internal import TrainingAPI

/// Stores reported series as chunks and reads chunks as curves.
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
            return SeriesChunk(
                series: series.name,
                steps: first..<last + 1,
                count: steps.count,
                payload: CurveCoding.encode(steps: steps, values: series.values, fromStep: first)
            )
        }
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
            if segment.steps != segment.chunk.steps { piece = piece.points(in: segment.steps) }
            if curves.last?.name != segment.chunk.series {
                curves.append((segment.chunk.series, Curve()))
            }
            curves[curves.count - 1].curve.append(piece)
        }
        return curves
    }
}
