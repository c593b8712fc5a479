/// Which steps of each run are on a job's curve.
///
/// Run k counts from its resume step to the least resume step of a later run: what it did beyond
/// the checkpoint from which a later one started was lost with it.
package struct Curve: Sendable {
    private let stepsByFence: [Int: Range<Int>]

    /// The curve of a job's runs, given by fence and resume step in the order of their fences.
    package init(_ runs: [(fence: Int, resumeStep: Int)]) {
        var stepsByFence: [Int: Range<Int>] = [:]
        var end = Int.max
        for (fence, resumeStep) in runs.reversed() {
            stepsByFence[fence] = min(resumeStep, end)..<end
            end = min(resumeStep, end)
        }
        self.stepsByFence = stepsByFence
    }

    /// The steps of a run that count; nil when no step does.
    package func steps(under fence: Int) -> Range<Int>? {
        stepsByFence[fence].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The part of a chunk that is on the curve and in a range; nil where nothing is left.
    package func segment(
        _ chunk: SeriesChunk,
        under fence: Int,
        in steps: Range<Int>
    ) -> SeriesSegment? {
        guard let valid = stepsByFence[fence] else { return nil }
        let shown = chunk.steps.clamped(to: valid).clamped(to: steps)
        return shown.isEmpty ? nil : SeriesSegment(chunk: chunk, fence: fence, steps: shown)
    }
}
