/// A schedule against a run: flat segments that give the rate of any step without allocation.
///
/// One evaluation takes O(log segments). Steps past the run's end give the value that the curve reaches at its end.
public struct ResolvedSchedule: Hashable, Sendable {
    /// The run that the schedule was resolved against.
    public let run: Run
    /// How metrics move the rate; `nil` where they do not.
    public let feedback: FeedbackRule?
    private let rates: Lane
    private let momenta: Lane?

    init(run: Run, lanes: Lanes) {
        guard let rates = Lane(lanes.rate) else {
            preconditionFailure("a schedule without segments")
        }
        self.run = run
        self.rates = rates
        momenta = Lane(lanes.momentum)
        feedback = lanes.feedback
    }

    /// The learning rate of update `step`.
    ///
    /// - Parameters:
    ///   - step: The 0-based update, at least 0.
    ///   - feedback: What metrics have made of the fed-back part, a `FeedbackState.value`; `nil` is its start.
    /// - Returns: The rate, finite and at least 0.
    public func rate(at step: Int, feedback: Double? = nil) -> Double {
        rates.value(at: min(step, run.totalSteps), feedback: feedback)
    }

    /// The momentum of update `step`; `nil` where the schedule leaves the optimizer's.
    ///
    /// - Parameter step: The 0-based update, at least 0.
    /// - Returns: A momentum in [0, 1).
    public func momentum(at step: Int) -> Double? {
        guard let value = momenta?.value(at: min(step, run.totalSteps)), value.isFinite else {
            return nil
        }
        return value
    }

    /// Writes the rates of consecutive updates.
    ///
    /// - Parameters:
    ///   - buffer: Where to write; one rate per element.
    ///   - first: The update of the first element.
    ///   - feedback: As in `rate(at:feedback:)`.
    public func fill(
        _ buffer: UnsafeMutableBufferPointer<Double>,
        from first: Int,
        feedback: Double? = nil
    ) {
        for index in buffer.indices { buffer[index] = rate(at: first + index, feedback: feedback) }
    }

    /// The rates of a range of updates.
    public func rates(_ steps: Range<Int>, feedback: Double? = nil) -> [Double] {
        steps.map { rate(at: $0, feedback: feedback) }
    }

    /// The steps at which one formula gives way to another, rising, from 0: warm-up, phases, milestones.
    public var boundaries: [Int] { rates.starts }

    /// Whether the schedule moves the momentum.
    public var movesMomentum: Bool { momenta != nil }
}
