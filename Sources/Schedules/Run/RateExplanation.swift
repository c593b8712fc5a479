/// Why the rate of a step is what it is.
public struct RateExplanation: Hashable, Sendable, Codable {
    /// One cause, in the order in which they act.
    public struct Part: Hashable, Sendable, Codable {
        /// The cause in words: `warm-up ended at step 400`, `cosine, 61 % of its way`.
        public let cause: String
        /// By what it multiplies the rate; `nil` where it sets it.
        public let factor: Double?
        /// The rate after this cause; `nil` where the next part says it.
        public let rate: Double?
    }

    /// The 0-based update.
    public let step: Int
    /// Its rate.
    public let rate: Double
    /// The causes, in the order in which they act.
    public let parts: [Part]
}

extension RateExplanation: CustomStringConvertible {
    /// The causes in one line: `warm-up ended at step 400; cosine, 61 % of its way; …; = 2.1e-4`.
    public var description: String {
        parts.map(\.cause).joined(separator: "; ") + "; = \(rate.brief)"
    }
}

extension RateFunction {
    /// Why the rate of a step is what it is: warm-up, phase, moves by metrics and edits, with their factors.
    ///
    /// - Parameter step: The 0-based update, at least 0.
    /// - Returns: The causes, in the order in which they act.
    public func explain(at step: Int) -> RateExplanation {
        var parts: [RateExplanation.Part] = []
        var base = (schedule: schedule, resolved: resolved, origin: 0)
        var past: [RateEvent] = []
        for (next, event) in begun where event.step <= step {
            let rest = totalSteps - event.step
            guard let run = try? Run(totalSteps: rest, stepsPerEpoch: resolved.run.stepsPerEpoch),
                let nextResolved = try? next.resolve(for: run)
            else { continue }  // An accepted edit resolves; nothing is lost where it would not.
            base = (next, nextResolved, event.step)
            past = [event]
        }
        past += events.filter { $0.step <= step && $0.step >= base.origin && $0.kind != .schedule }
        parts += base.schedule.causes(at: step - base.origin, in: base.resolved.run)
            .map { RateExplanation.Part(cause: $0, factor: nil, rate: nil) }
        if let last = parts.popLast() {
            parts.append(
                .init(
                    cause: last.cause,
                    factor: nil,
                    rate: base.resolved.rate(at: step - base.origin)
                )
            )
        }
        for event in past {
            let sets = event.kind == .learningRate || event.kind == .schedule
            parts.append(
                .init(
                    cause: event.reason,
                    factor: sets ? nil : event.after / event.before,
                    rate: event.after
                )
            )
        }
        return RateExplanation(step: step, rate: rate(at: step), parts: parts)
    }

    /// The schedules that edits began, with their events, in order.
    private var begun: [(schedule: RunSchedule, event: RateEvent)] {
        let schedules = edits.compactMap { edit in
            if case .schedule(let schedule) = edit.change { schedule } else { nil }
        }
        return Array(zip(schedules, events.filter { $0.kind == .schedule }))
    }
}
