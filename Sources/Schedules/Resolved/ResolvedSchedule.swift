/// A schedule against a run: flat values that give the rate of any step without allocation.
///
/// One evaluation takes O(log segments). Steps past the run's end give the value that the curve reaches at its end.
public struct ResolvedSchedule: Hashable, Sendable {
    /// The run that the schedule was resolved against.
    public let run: Run
    /// How metrics move the rate; `nil` where they do not.
    public let feedback: FeedbackRule?
    /// The native schedule's segments; without any where `samples` has the rates.
    private let rates: Lane
    private let momenta: Lane
    /// What a library's scheduler answered; `nil` of a native schedule.
    private let samples: SampledRates?

    init(run: Run, lanes: Lanes) {
        precondition(!lanes.rate.isEmpty, "a schedule without segments")
        self.run = run
        feedback = lanes.feedback
        rates = Lane(lanes.rate)
        momenta = Lane(lanes.momentum)
        samples = nil
    }

    init(run: Run, sampled: SampledRates) {
        self.run = run
        feedback = nil
        rates = Lane([])
        momenta = Lane([])
        samples = sampled
    }

    /// The learning rate of update `step`.
    ///
    /// - Parameters:
    ///   - step: The 0-based update, at least 0.
    ///   - feedback: What metrics have made of the fed-back part, a `FeedbackState.value`; `nil` is its start.
    /// - Returns: The rate, at least 0.
    public func rate(at step: Int, feedback: Double? = nil) -> Double {
        let step = min(step, run.totalSteps)
        guard rates.isEmpty else { return rates.value(at: step, feedback: feedback) }
        return samples?.rate(at: step) ?? .nan
    }

    /// The momentum of update `step`; `nil` where the schedule leaves the optimizer's.
    ///
    /// - Parameter step: The 0-based update, at least 0.
    /// - Returns: A momentum in [0, 1).
    public func momentum(at step: Int) -> Double? {
        let step = min(step, run.totalSteps)
        if let samples { return samples.momentum(at: step) }
        guard !momenta.isEmpty else { return nil }
        let value = momenta.value(at: step)
        return value.isFinite ? value : nil
    }

    /// Writes the rates of consecutive updates.
    ///
    /// - Parameters:
    ///   - buffer: Where to write; one rate per element.
    ///   - first: The update of the first element, at least 0.
    ///   - feedback: As in `rate(at:feedback:)`.
    public func fill(
        _ buffer: UnsafeMutableBufferPointer<Double>,
        from first: Int,
        feedback: Double? = nil
    ) {
        guard let samples else {
            return rates.fill(buffer, from: first, last: run.totalSteps, feedback: feedback)
        }
        for index in buffer.indices {
            buffer[index] = samples.rate(at: min(first + index, run.totalSteps))
        }
    }

    /// The rates of a range of updates.
    public func rates(_ steps: Range<Int>, feedback: Double? = nil) -> [Double] {
        [Double](unsafeUninitializedCapacity: steps.count) { buffer, count in
            let part = UnsafeMutableBufferPointer(rebasing: buffer[..<steps.count])
            part.initialize(repeating: 0)
            fill(part, from: steps.lowerBound, feedback: feedback)
            count = steps.count
        }
    }

    /// The steps at which one formula gives way to another, rising, from 0: warm-up, phases, milestones.
    public var boundaries: [Int] { samples == nil ? rates.starts : [0] }

    /// Whether the schedule moves the momentum.
    public var movesMomentum: Bool {
        samples.map { $0.momenta != nil } ?? !momenta.isEmpty
    }
}
