import Foundation
import Schedules
import Testing

@Suite struct CurveTests {
    @Test func `constant is the peak throughout`() throws {
        #expect(try Schedule(curve: .constant, learningRate: 0.3).rates(3) == [0.3, 0.3, 0.3])
    }

    @Test func `step multiplies at whole multiples of every`() throws {
        let curve = try Curve.step(every: .steps(2), factor: 0.5)
        #expect(
            try Schedule(curve: curve, learningRate: 1).rates(6) == [1, 1, 0.5, 0.5, 0.25, 0.25]
        )
    }

    @Test func `step falls once per epoch unless told otherwise`() throws {
        let curve = try Curve.step(factor: 0.5)
        let rates = try Schedule(curve: curve, learningRate: 1).rates(6, stepsPerEpoch: 3)
        #expect(rates == [1, 1, 1, 0.5, 0.5, 0.5])
    }

    @Test func `multi_step multiplies at each milestone, in any unit`() throws {
        let curve = try Curve.multiStep(
            milestones: [.steps(2), .epochs(1), .fraction(0.9)],
            factor: 0.5
        )
        let rates = try Schedule(curve: curve, learningRate: 1).rates(10, stepsPerEpoch: 5)
        #expect(rates == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125])
    }

    @Test func `exponential moves at every step`() throws {
        let curve = try Curve.exponential(factor: 0.25, every: .steps(2))
        #expect(try Schedule(curve: curve, learningRate: 1).rates(4) == [1, 0.5, 0.25, 0.125])
    }

    @Test func `a staircase of an exponential is a step decay`() throws {
        let stairs = try Curve.exponential(factor: 0.3, every: .epochs(1), staircase: true)
        let steps = try Curve.step(factor: 0.3)
        #expect(
            try Schedule(curve: stairs, learningRate: 0.7).rates(40, stepsPerEpoch: 7)
                == Schedule(curve: steps, learningRate: 0.7).rates(40, stepsPerEpoch: 7)
        )
    }

    @Test func `linear reaches its end value at over and holds it`() throws {
        let curve = try Curve.linear(to: .value(0.5), over: .steps(4))
        let rates = try Schedule(curve: curve, learningRate: 1).rates(7)
        #expect(rates == [1, 0.875, 0.75, 0.625, 0.5, 0.5, 0.5])
    }

    @Test(arguments: [(0, 1.0), (25, 0.5 * (1 + 0.5.squareRoot())), (50, 0.5), (100, 0), (900, 0)])
    func `cosine follows a half wave, then stays at its end`(step: Int, value: Double) throws {
        let curve = try Curve.cosine(to: .value(0), over: .steps(100))
        let resolved = try Schedule(curve: curve, learningRate: 1).resolve(for: makeRun(1000))
        #expect(agree(resolved.rate(at: step), value))
    }

    @Test func `an end value can be a share of the peak`() throws {
        let curve = try Curve.cosine(to: .fractionOfPeak(0.1), over: .steps(10))
        let resolved = try Schedule(curve: curve, learningRate: 0.5).resolve(for: makeRun(20))
        #expect(agree(resolved.rate(at: 10), 0.05))
    }

    @Test func `a progress power above 1 keeps the rate high for longer`() throws {
        let plain = try Schedule(curve: .linear(), learningRate: 1).rates(10)
        let bent = try Schedule(curve: .linear(progressPower: 2), learningRate: 1).rates(10)
        #expect(zip(plain, bent).dropFirst().allSatisfy { $0 < $1 })
        #expect(agree(bent[5], 0.75))
    }

    @Test(arguments: [
        ("step", #""factor": 0"#, "factor must be a number above 0, got 0"),
        ("step", #""every": {"steps": 0}"#, "every must be at least 1 step, got 0 steps"),
        ("step", #""every": {"epochs": -1}"#, "every must be a number above 0, got -1.0 epochs"),
        (
            "cosine", #""over": {"fraction": 1.5}"#,
            "over must be a fraction above 0 and at most 1, got a fraction of 1.5"
        ),
        ("cosine", #""to": -0.1"#, "to must be finite and at least 0, got -0.1"),
        (
            "multi_step", #""milestones": {"epochs": [30, 30]}"#,
            "milestones[1]: 30ep does not come after 30ep, the one before"
        ),
        (
            "multi_step", #""factor": 0.1"#,
            "milestones is missing: it must be lengths in rising order such as "
                + #"{"epochs": [30, 60]} or ["30ep", "90%"]"#
        ),
        (
            "linear", #""gamma": 0.1"#,
            "gamma is not a field here; the fields are floor, learning_rate, over, "
                + "progress_power, to, type, warmup"
        ),
    ])
    func `refuses bad parameters with the field and the value`(
        type: String,
        fields: String,
        sentence: String
    ) {
        #expect(
            refusal {
                try schedule(#"{"type": "\#(type)", "learning_rate": 0.1, \#(fields)}"#)
            } == sentence
        )
    }

    @Test func `refuses milestones that fall on one step of the run`() throws {
        let curve = try Curve.multiStep(milestones: [.steps(30), .epochs(3)])
        let schedule = try Schedule(curve: curve, learningRate: 1)
        #expect(
            refusal { try schedule.resolve(for: makeRun(100, stepsPerEpoch: 10)) }
                == "milestones[1]: 3ep is step 30 of this run, not after 30ba, which is step 30"
        )
    }
}
