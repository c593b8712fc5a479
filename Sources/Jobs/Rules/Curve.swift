/// Which steps of each run are on a job's curve.
///
/// Run k counts from its resume step to the least resume step of a later run: what it did beyond
/// the checkpoint from which a later one started was lost with it.
package struct Curve: Sendable {
    /// The fences of the runs that count, each with its steps, by fence; no range is empty.
    package let parts: [(fence: Int, steps: Range<Int>)]

    /// The curve of a job's runs, given by fence and resume step in the order of their fences.
    package init(_ runs: [(fence: Int, resumeStep: Int)]) {
        var parts: [(fence: Int, steps: Range<Int>)] = []
        var end = Int.max
        for (fence, resumeStep) in runs.reversed() where resumeStep < end {
            parts.append((fence, resumeStep..<end))
            end = resumeStep
        }
        self.parts = parts.reversed()
    }

    /// The part of a chunk that is on the curve and in a range; nil where nothing is left.
    package func segment(
        _ chunk: SeriesChunk,
        under fence: Int,
        in steps: Range<Int>
    ) -> SeriesSegment? {
        guard let part = parts.first(where: { $0.fence == fence }) else { return nil }
        let shown = chunk.steps.clamped(to: part.steps).clamped(to: steps)
        return shown.isEmpty ? nil : SeriesSegment(chunk: chunk, fence: fence, steps: shown)
    }
}
