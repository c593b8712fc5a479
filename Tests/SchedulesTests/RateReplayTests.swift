import Foundation
import Schedules
import Testing

/// Runs with random reports and edits, stopped and taken up again.
@Suite struct RateReplayTests {
    /// A schedule that follows a metric, alone, in a phase or in a product.
    private func fedBack(_ random: inout RandomSchedules) throws -> Schedule {
        let rule: Curve =
            try random.flip()
            ? .reduceOnPlateau(
                factor: 0.5,
                patience: random.number(in: 0...2),
                cooldown: random.number(in: 0...2)
            )
            : .greedy(
                factor: 0.5,
                patience: random.number(in: 0...2),
                riseCooldown: random.number(in: 0...1),
                window: random.number(in: 1...3),
                start: .fractionOfPeak(0.5),
                resetAfter: 3
            )
        let total = random.run.totalSteps
        let curve: Curve =
            switch random.number(in: 0...2) {
            case 0: rule
            case 1: try .product([random.fall(within: total), rule])
            default:
                try .sequence([
                    Phase(length: .steps(total / 4), curve: .constant),
                    Phase(length: nil, curve: rule, warmup: Warmup(length: .steps(3))),
                ])
            }
        return try Schedule(curve: curve, learningRate: 1, floor: random.flip() ? 0.01 : nil)
    }

    /// A change from `step` on, or from later on.
    private func edit(
        of rates: RateFunction,
        at step: Int,
        _ random: inout RandomSchedules
    ) throws -> ScheduleEdit {
        let place = min(step + random.number(in: 0...20), random.run.totalSteps - 1)
        let reduction = rates.events.last { $0.kind == .reduction && $0.step <= step }
        switch random.number(in: 0...5) {
        case 0: return ScheduleEdit(fromStep: place, .learningRate(random.number(in: 0.1...1)))
        case 1:
            let next = try Schedule(
                curve: .reduceOnPlateau(patience: 1),
                learningRate: random.number(in: 0.1...1)
            )
            return ScheduleEdit(fromStep: place, .schedule(.native(next)))
        case 2, 3:
            guard let reduction else { fallthrough }
            return ScheduleEdit(fromStep: step, .vetoReduction(at: reduction.step))
        default: return ScheduleEdit(fromStep: place, .scale(random.number(in: 0.5...2)))
        }
    }

    private func again(_ rates: RateFunction) throws -> RateFunction {
        try JSONDecoder().decode(RateFunction.self, from: JSONEncoder().encode(rates))
    }

    @Test(arguments: UInt64(0)..<200)
    func `a run taken up at any point decides and rates as one that never stopped`(
        seed: UInt64
    ) throws {
        var random = try RandomSchedules(seed: seed)
        var rates = try RateFunction(fedBack(&random), run: random.run)
        var resumed = rates
        let total = random.run.totalSteps
        for step in 1..<total {
            if random.number(in: 0...3) == 0 {
                let metric = random.number(in: 0...9) == 0 ? .nan : random.number(in: 0.0...1.0)
                let event = rates.report(metric, at: step)
                #expect(resumed.report(metric, at: step) == event)
            }
            if random.number(in: 0...40) == 0 {
                let edit = try edit(of: rates, at: step, &random)
                // A reduction that was undone, or is another schedule's, is refused by both alike.
                let said = refusal { try rates.edit(edit) }
                #expect(refusal { try resumed.edit(edit) } == said)
            }
            if random.number(in: 0...20) == 0 { resumed = try again(resumed) }
            #expect(resumed.rate(at: step) == rates.rate(at: step))
        }
        #expect(resumed == rates)
        #expect(try again(rates) == rates)
        for step in 0..<total { #expect(rates.explain(at: step).rate == rates.rate(at: step)) }
    }

    @Test(arguments: UInt64(0)..<100)
    func `what is forgotten past a step and reported again leads to the same decisions`(
        seed: UInt64
    ) throws {
        var random = try RandomSchedules(seed: seed)
        var rates = try RateFunction(fedBack(&random), run: random.run)
        let total = random.run.totalSteps
        let metrics = (0..<total).map { _ in random.number(in: 0.0...1.0) }
        for step in stride(from: 2, to: total, by: 2) { rates.report(metrics[step], at: step) }
        var resumed = rates
        let kept = random.number(in: 1...(total - 1))
        resumed.rewind(to: kept)
        #expect(resumed.events.allSatisfy { $0.step <= kept })
        for step in stride(from: 2, to: total, by: 2) where step > kept {
            resumed.report(metrics[step], at: step)
        }
        #expect(resumed == rates)
        #expect(resumed.events == rates.events)
    }
}
