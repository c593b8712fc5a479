import Schedules
import TrainingAPI

/// The rates of one schedule over a run, to be drawn or written.
struct PreviewCurve {
    /// What it is called.
    let label: String
    /// The updates of the whole run.
    let totalSteps: Int
    /// The update of each rate.
    let steps: [Int]
    let rates: [Double]
    /// The momentum of each update, where the schedule moves it.
    let momenta: [Double]?
    /// What changed the rates on the way, in sentences.
    let events: [String]
    /// The answer that a server gives to the same request.
    let answer: [UInt8]

    /// Whether some updates are left out.
    var isThinned: Bool { rates.count < totalSteps }

    /// The curve of a native schedule.
    init(label: String, _ body: ScheduleBody) {
        self.label = label
        totalSteps = body.totalSteps
        steps = body.steps ?? Array(body.fromStep..<body.totalSteps)
        rates = body.learningRates
        momenta = body.momenta
        events = body.events.map(\.reason)
        answer = body.json()
    }

    /// The curve of a library's scheduler.
    ///
    /// - Parameters:
    ///   - label: What it is called.
    ///   - preview: What the scheduler answers, call by call.
    ///   - updatesPerCall: For how many updates an answer holds.
    ///   - total: The updates of the run.
    ///   - pointLimit: The most points; `nil` for all.
    init(
        label: String,
        _ preview: LibraryPreview,
        updatesPerCall: Int,
        total: Int,
        pointLimit: Int?
    ) {
        self.label = label
        let count = min(total, preview.learningRates.count * updatesPerCall)
        totalSteps = count
        let limit = min(pointLimit ?? count, count)
        let shown =
            limit == count
            ? Array(0..<count) : (0..<limit).map { $0 * (count - 1) / max(1, limit - 1) }
        steps = shown
        rates = shown.map { preview.learningRates[$0 / updatesPerCall] }
        momenta = preview.momenta.map { values in shown.map { values[$0 / updatesPerCall] } }
        events =
            preview.refusal.map {
                ["the scheduler fails at call \($0.step): \($0.reason)"]
            } ?? []
        answer = LibraryPreviewBody(preview, pointLimit: pointLimit).json()
    }
}
