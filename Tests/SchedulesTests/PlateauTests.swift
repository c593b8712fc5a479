import Foundation
import Schedules
import Testing

@Suite struct PlateauTests {
    /// The indices of the reports, one per 10 steps from step 10 on, that reduce.
    private func reductions(
        of curve: Curve,
        _ metrics: [Double],
        floor: Double? = nil
    ) throws -> [Int] {
        var rates = try RateFunction(
            Schedule(curve: curve, learningRate: 0.1, floor: floor),
            run: makeRun(10_000, stepsPerEpoch: 10)
        )
        return metrics.indices.filter { rates.report(metrics[$0], at: ($0 + 1) * 10) != nil }
    }

    @Test(arguments: [(0, [3, 6, 9]), (1, [3, 7, 11]), (3, [3, 9])])
    func `a flat metric reduces on report patience + 1 and after whole cooldowns`(
        cooldown: Int,
        indices: [Int]
    ) throws {
        let curve = try Curve.reduceOnPlateau(patience: 2, cooldown: cooldown)
        let flat = [Double](repeating: 1, count: 12)
        #expect(try reductions(of: curve, flat) == indices)
    }

    @Test func `patience 0 reduces on every report without improvement`() throws {
        let curve = try Curve.reduceOnPlateau(patience: 0)
        #expect(try reductions(of: curve, [1, 0.5, 0.6, 0.4, 0.4]) == [2, 4])
    }

    @Test func `what is not finite counts as no improvement, first or later`() throws {
        let curve = try Curve.reduceOnPlateau(patience: 1)
        #expect(try reductions(of: curve, [.nan, .infinity, 1, .nan, -.infinity]) == [1, 4])
    }

    @Test func `a relative threshold points the right way for negative metrics`() throws {
        let curve = try Curve.reduceOnPlateau(
            patience: 0,
            margin: ImprovementMargin(0.1, .relative)
        )
        #expect(try reductions(of: curve, [-1, -1.05, -1.2]) == [1])
    }

    @Test(arguments: [
        (ImprovementMargin.Mode.relative, [1]), (.absolute, []),
    ])
    func `a threshold is a share of the best or a difference`(
        mode: ImprovementMargin.Mode,
        indices: [Int]
    ) throws {
        let curve = try Curve.reduceOnPlateau(patience: 0, margin: ImprovementMargin(0.01, mode))
        #expect(try reductions(of: curve, [10, 9.95]) == indices)
    }

    @Test func `an accuracy improves upwards without being told`() throws {
        let curve = try Curve.reduceOnPlateau(monitor: "validation_accuracy", patience: 0)
        #expect(try reductions(of: curve, [0.1, 0.2, 0.15]) == [2])
    }

    @Test func `a reduction holds from its step on, stops at the floor and says why`() throws {
        let curve = try Curve.reduceOnPlateau(factor: 0.5, patience: 1)
        var rates = try RateFunction(
            Schedule(curve: curve, learningRate: 1e-3, floor: 4e-4),
            run: makeRun(100)
        )
        var events: [RateEvent] = []
        for (index, metric) in [0.312, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4].enumerated() {
            if let event = rates.report(metric, at: index * 10) { events.append(event) }
        }
        #expect(
            events.map(\.reason) == [
                "step 20: best 0.312 not beaten for 2 reports; 1e-3 to 5e-4",
                "step 40: best 0.312 not beaten for 2 reports; 5e-4 to 4e-4",
            ]
        )
        #expect([19, 20, 39, 40, 99].map { rates.rate(at: $0) } == [1e-3, 5e-4, 5e-4, 4e-4, 4e-4])
    }

    @Test func `reports during a warm-up are not seen`() throws {
        let schedule = try Schedule(
            curve: .reduceOnPlateau(patience: 0),
            learningRate: 1,
            warmup: Warmup(length: .steps(30))
        )
        var rates = try RateFunction(schedule, run: makeRun(100))
        #expect([10, 20].compactMap { rates.report(5, at: $0) }.isEmpty)
        #expect(rates.report(6, at: 30) == nil)
        #expect(rates.report(6, at: 40)?.step == 40)
    }

    @Test func `a report at a step that has one already changes nothing`() throws {
        var rates = try RateFunction(
            Schedule(curve: .reduceOnPlateau(patience: 1), learningRate: 1),
            run: makeRun(100)
        )
        for step in [10, 20, 20, 20] { #expect(rates.report(1, at: step) == nil) }
        #expect(rates.report(1, at: 30) != nil)
    }

    @Test func `reports past a resumed step are forgotten`() throws {
        let schedule = try Schedule(curve: .reduceOnPlateau(patience: 0), learningRate: 1)
        let run = try makeRun(100)
        var straight = try RateFunction(schedule, run: run)
        var resumed = straight
        for step in 1...4 { straight.report(1, at: step * 10) }
        for step in 1...9 { resumed.report(1, at: step * 10) }
        resumed.rewind(to: 45)
        #expect(resumed == straight)
        #expect(resumed.events.count == 3)
    }

    @Test func `goes on from its saved form as if never stopped`() throws {
        let schedule = try Schedule(
            curve: .reduceOnPlateau(patience: 1, cooldown: 1),
            learningRate: 1
        )
        var rates = try RateFunction(schedule, run: makeRun(1000))
        var saved = rates
        for step in 1..<30 {
            let metric = step % 7 == 0 ? .nan : Double(step % 5)
            let event = rates.report(metric, at: step * 20)
            #expect(saved.report(metric, at: step * 20) == event)
            saved = try JSONDecoder().decode(
                RateFunction.self,
                from: JSONEncoder().encode(saved)
            )
        }
        #expect(saved == rates)
        #expect(rates.events.count > 5)
    }
}
