import Foundation
import Schedules
import Testing

@Suite struct RateFunctionTests {
    private func makeRates(_ curve: Curve, total: Int = 1000) throws -> RateFunction {
        try RateFunction(Schedule(curve: curve, learningRate: 0.1), run: makeRun(total))
    }

    @Test func `scales multiply the final rate, one on top of the other`() throws {
        var rates = try makeRates(.cosine())
        let plain = rates
        let event = try rates.edit(ScheduleEdit(fromStep: 100, .scale(0.5)))
        try rates.edit(ScheduleEdit(fromStep: 200, .scale(0.5)))
        #expect(event.before == plain.rate(at: 100))
        #expect(event.after == plain.rate(at: 100) * 0.5)
        #expect(rates.rate(at: 99) == plain.rate(at: 99))
        #expect(rates.rate(at: 199) == plain.rate(at: 199) * 0.5)
        #expect(rates.rate(at: 700) == plain.rate(at: 700) * 0.25)
    }

    @Test func `a held rate lasts until another rate or schedule`() throws {
        var rates = try makeRates(.cosine())
        try rates.edit(ScheduleEdit(fromStep: 100, .learningRate(0.02)))
        try rates.edit(ScheduleEdit(fromStep: 300, .scale(2)))
        let next = try Schedule(curve: .linear(), learningRate: 0.5)
        try rates.edit(ScheduleEdit(fromStep: 500, .schedule(.native(next))))
        #expect([100, 299, 300, 499].map { rates.rate(at: $0) } == [0.02, 0.02, 0.04, 0.04])
        #expect([500, 750, 1000].map { rates.rate(at: $0) } == [0.5, 0.25, 0])
    }

    @Test func `edits come into force by their steps, not by when they came`() throws {
        var late = try makeRates(.constant)
        try late.edit(ScheduleEdit(fromStep: 600, .learningRate(0.3)))
        try late.edit(ScheduleEdit(fromStep: 200, .learningRate(0.2)))
        var early = try makeRates(.constant)
        try early.edit(ScheduleEdit(fromStep: 200, .learningRate(0.2)))
        try early.edit(ScheduleEdit(fromStep: 600, .learningRate(0.3)))
        #expect(late == early)
        #expect([0, 200, 599, 600].map { late.rate(at: $0) } == [0.1, 0.2, 0.2, 0.3])
    }

    @Test func `a reduction can be undone, and later ones stay`() throws {
        var rates = try makeRates(.reduceOnPlateau(factor: 0.5, patience: 0))
        for step in 1...3 { rates.report(1, at: step * 100) }
        let event = try rates.edit(ScheduleEdit(fromStep: 400, .vetoReduction(at: 200)))
        #expect(event.before == 0.025 && event.after == 0.05)
        #expect([150, 250, 350, 450].map { rates.rate(at: $0) } == [0.1, 0.05, 0.025, 0.05])
        rates.report(1, at: 500)
        #expect(rates.rate(at: 500) == 0.025)
        #expect(
            refusal { try rates.edit(ScheduleEdit(fromStep: 600, .vetoReduction(at: 200))) }
                == "veto_reduction_at: there is no reduction to undo at step 200"
        )
    }

    @Test func `a schedule that begins later counts its own reports`() throws {
        var rates = try makeRates(.constant)
        #expect(rates.report(1, at: 50) == nil && rates.feedbackRule == nil)
        let plateau = try Schedule(
            curve: .reduceOnPlateau(monitor: "train_loss", factor: 0.5, patience: 0),
            learningRate: 0.8
        )
        try rates.edit(ScheduleEdit(fromStep: 100, .schedule(.native(plateau))))
        #expect(rates.feedbackRule?.monitor == "train_loss")
        rates.report(1, at: 150)
        #expect(
            rates.report(1, at: 200)?.reason
                == "step 200: best 1 not beaten for 1 report; 0.8 to 0.4"
        )
    }

    @Test func `a report before an edit that is still to come counts`() throws {
        var rates = try makeRates(.reduceOnPlateau(factor: 0.5, patience: 0))
        try rates.edit(ScheduleEdit(fromStep: 500, .scale(0.1)))
        rates.report(1, at: 100)
        #expect(rates.report(1, at: 200)?.after == 0.05)
        #expect(agree(rates.rate(at: 600), 0.005))
    }

    @Test func `a report at an edit's own step comes before it, whichever was first`() throws {
        let plateau = try Schedule(
            curve: .reduceOnPlateau(factor: 0.5, patience: 0),
            learningRate: 0.8
        )
        let edit = ScheduleEdit(fromStep: 200, .schedule(.native(plateau)))
        var early = try makeRates(.reduceOnPlateau(factor: 0.5, patience: 0))
        early.report(1, at: 100)
        var late = early
        try early.edit(edit)
        #expect(early.report(1, at: 200)?.after == 0.05)
        late.report(1, at: 200)
        try late.edit(edit)
        #expect(early == late)
        #expect([199, 200].map { early.rate(at: $0) } == [0.1, 0.8])
        #expect(early.report(1, at: 300) == nil)
    }

    @Test func `rewinding forgets reports and what undid their reductions, and keeps edits`() throws
    {
        var rates = try makeRates(.reduceOnPlateau(factor: 0.5, patience: 0))
        for step in 1...3 { rates.report(1, at: step * 100) }
        try rates.edit(ScheduleEdit(fromStep: 350, .vetoReduction(at: 300)))
        try rates.edit(ScheduleEdit(fromStep: 400, .scale(2)))
        rates.rewind(to: 200)
        #expect(rates.reports.map(\.step) == [100, 200])
        #expect(rates.edits == [ScheduleEdit(fromStep: 400, .scale(2))])
        #expect([199, 399, 400].map { rates.rate(at: $0) } == [0.1, 0.05, 0.1])
    }

    @Test(arguments: [
        (
            ScheduleEdit(fromStep: 1000, .scale(1)),
            "from_step must be a step of the run, from 0 to 999, got 1000"
        ),
        (
            ScheduleEdit(fromStep: -1, .scale(1)),
            "from_step must be a step of the run, from 0 to 999, got -1"
        ),
        (ScheduleEdit(fromStep: 5, .scale(0)), "scale must be a number above 0, got 0.0"),
        (
            ScheduleEdit(fromStep: 5, .learningRate(.nan)),
            "learning_rate must be a number above 0, got nan"
        ),
        (
            ScheduleEdit(fromStep: 5, .vetoReduction(at: 9)),
            "veto_reduction_at must be at most from_step, 5, got 9"
        ),
    ])
    func `refuses edits that cannot hold and stays as it was`(
        edit: ScheduleEdit,
        sentence: String
    ) throws {
        var rates = try makeRates(.cosine())
        let before = rates
        #expect(refusal { try rates.edit(edit) } == sentence)
        #expect(rates == before)
    }

    @Test func `refuses a schedule that the rest of the run cannot hold`() throws {
        var rates = try makeRates(.cosine())
        let long = try Schedule(
            curve: .constant,
            learningRate: 1,
            warmup: Warmup(length: .steps(200))
        )
        #expect(
            refusal { try rates.edit(ScheduleEdit(fromStep: 900, .schedule(.native(long)))) }
                == "schedule.warmup.length: a warm-up of 200 steps is longer than the 100 steps it is in"
        )
    }

    @Test func `goes on from its saved form with edits and reports`() throws {
        var rates = try makeRates(.product([.cosine(), .reduceOnPlateau(patience: 0)]))
        for step in 1...4 { rates.report(1, at: step * 100) }
        try rates.edit(ScheduleEdit(fromStep: 450, .vetoReduction(at: 300)))
        try rates.edit(ScheduleEdit(fromStep: 460, .scale(0.3)))
        try rates.edit(
            ScheduleEdit(
                fromStep: 800,
                .schedule(.native(Schedule(curve: .oneCycle(), learningRate: 1)))
            )
        )
        let again = try JSONDecoder().decode(RateFunction.self, from: JSONEncoder().encode(rates))
        #expect(again == rates)
        #expect(rates.momentum(at: 700) == nil && rates.momentum(at: 800) == 0.95)
    }

    @Test func `explains a rate by its causes in order`() throws {
        let schedule = try Schedule(
            curve: .cosine(),
            learningRate: 1e-3,
            warmup: Warmup(length: .steps(400))
        )
        var rates = try RateFunction(schedule, run: makeRun(10_000))
        try rates.edit(ScheduleEdit(fromStep: 3900, .scale(0.5)))
        let explanation = rates.explain(at: 4200)
        #expect(explanation.rate == rates.rate(at: 4200))
        #expect(
            explanation.parts.map(\.cause).prefix(2) == [
                "warm-up ended at step 400", "cosine, 39 % of its way",
            ]
        )
        #expect(explanation.parts.last?.factor == 0.5)
        #expect(explanation.parts.last?.cause.hasPrefix("step 3900: your edit × 0.5; ") == true)
        #expect(
            rates.explain(at: 10).parts.map(\.cause)
                == ["warm-up, update 11 of 400 from 0 to 1e-3"]
        )
    }

    @Test func `greedy rises with improvements, falls without and begins anew at the floor`() throws
    {
        let schedule = try Schedule(
            curve: .greedy(
                factor: 0.5,
                patience: 1,
                start: .fractionOfPeak(0.5),
                resetAfter: 2
            ),
            learningRate: 1,
            floor: 0.25
        )
        var rates = try RateFunction(schedule, run: makeRun(100))
        let metrics = [5.0, 4, 3, 2, 2, 2, 2, 2, 2, 2, 9, 9]
        let events = metrics.enumerated().compactMap { rates.report($1, at: $0 + 1) }
        #expect(events.map(\.kind) == [.increase, .reduction, .reduction, .restart])
        #expect(events.map(\.after) == [1, 0.5, 0.25, 0.5])
        #expect(events.map(\.step) == [2, 6, 8, 10])
    }

    @Test func `greedy can follow the mean of several reports`() throws {
        let curve = try Curve.greedy(factor: 0.5, patience: 0, window: 2)
        var rates = try makeRates(curve)
        // Means 4, 3, 3.5: the third report is better than the second alone would say.
        #expect(
            [4.0, 2, 5].enumerated().map { rates.report($1, at: $0 + 1)?.after }
                == [nil, nil, 0.05]
        )
    }
}
