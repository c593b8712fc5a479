import Foundation
import Schedules
import Testing

@Suite struct ScheduleTests {
    @Test func `a linear warm-up wastes no update and reaches the peak on the first one after it`()
        throws
    {
        let schedule = try Schedule(
            curve: .constant,
            learningRate: 1,
            warmup: Warmup(length: .steps(3))
        )
        #expect(try schedule.rates(5) == [0.25, 0.5, 0.75, 1, 1])
    }

    @Test(arguments: [
        (Warmup.Shape.linear, 0.6), (.cosine, 0.6),
        (.oneMinusSquareRoot, 0.2 + 0.8 * (1 - 0.5.squareRoot())),
    ])
    func `a warm-up starts from where it is told, in its shape`(
        shape: Warmup.Shape,
        middle: Double
    ) throws {
        let schedule = try Schedule(
            curve: .constant,
            learningRate: 1,
            warmup: Warmup(length: .steps(3), from: .fractionOfPeak(0.2), shape: shape)
        )
        let rates = try schedule.rates(4)
        #expect(agree(rates[1], middle))
        #expect(rates[0] > 0.2 && rates[0] < rates[1] && rates[1] < rates[2] && rates[3] == 1)
    }

    @Test func `the curve's own step 0 is the first update after the warm-up`() throws {
        let plain = try Schedule(
            curve: .step(every: .steps(2), factor: 0.5),
            learningRate: 0.1
        )
        let warmed = try Schedule(
            curve: plain.curve,
            learningRate: 0.1,
            warmup: Warmup(length: .steps(3))
        )
        #expect(try Array(warmed.rates(10)[3...]) == plain.rates(7))
    }

    @Test func `a fall without a length takes the rest of the run after the warm-up`() throws {
        let schedule = try Schedule(
            curve: .cosine(),
            learningRate: 0.1,
            warmup: Warmup(length: .steps(10))
        )
        let resolved = try schedule.resolve(for: makeRun(110))
        #expect(resolved.rate(at: 10) == 0.1)
        #expect(agree(resolved.rate(at: 60), 0.05))
        #expect(resolved.rate(at: 109) > 0)
        #expect(resolved.rate(at: 110) == 0)
        #expect(resolved.rate(at: 100_000) == 0)
    }

    @Test func `a floor lifts the curve and not the warm-up`() throws {
        let schedule = try Schedule(
            curve: .linear(),
            learningRate: 1,
            floor: 0.5,
            warmup: Warmup(length: .steps(9))
        )
        let rates = try schedule.rates(109)
        #expect(rates[0] == 0.1)
        #expect(rates[9...].min() == 0.5)
        #expect(rates[30] > 0.5)
    }

    @Test func `the standard schedule is a cosine to 0 after a warm-up over 5 percent`() throws {
        let rates = try Schedule.standard(learningRate: 0.1).rates(200)
        #expect(agree(rates[0], 0.1 / 11))
        #expect(rates[10] == 0.1)
        #expect(agree(rates[105], 0.05))
    }

    @Test func `boundaries are where one formula gives way to another`() throws {
        let schedule = try Schedule(
            curve: .multiStep(milestones: [.steps(10), .steps(20)]),
            learningRate: 1,
            warmup: Warmup(length: .steps(5))
        )
        #expect(try schedule.resolve(for: makeRun(100)).boundaries == [0, 5, 15, 25])
    }

    @Test func `fills a buffer with the rates of consecutive steps`() throws {
        let resolved = try Schedule.standard(learningRate: 0.3).resolve(for: makeRun(50))
        var rates = [Double](repeating: 0, count: 20)
        rates.withUnsafeMutableBufferPointer { resolved.fill($0, from: 15) }
        #expect(rates == resolved.rates(15..<35))
    }

    @Test(arguments: [0, -1, Double.nan, .infinity])
    func `refuses a peak that is not a positive number`(peak: Double) {
        #expect(
            refusal { try Schedule(curve: .constant, learningRate: peak) }
                == "learning_rate must be a number above 0, got \(peak)"
        )
    }

    @Test func `refuses a floor below 0 or above the peak`() {
        #expect(
            refusal { try Schedule(curve: .constant, learningRate: 0.1, floor: 0.2) }
                == "floor: 0.2 is above the learning_rate, 0.1"
        )
        #expect(
            refusal { try Schedule(curve: .constant, learningRate: 0.1, floor: -1) }
                == "floor must be a number at least 0, got -1.0"
        )
    }

    @Test func `refuses a warm-up that falls, is no length or is longer than the run`() throws {
        #expect(
            refusal {
                try Schedule(
                    curve: .constant,
                    learningRate: 0.1,
                    warmup: Warmup(length: .steps(5), from: .value(0.2))
                )
            } == "warmup.from: 0.2 is above the learning_rate, 0.1"
        )
        #expect(
            refusal { try Warmup(length: .steps(0)) }
                == "length must be at least 1 step, got 0 steps"
        )
        let long = try Schedule(
            curve: .constant,
            learningRate: 0.1,
            warmup: Warmup(length: .epochs(3))
        )
        #expect(
            refusal { try long.resolve(for: makeRun(20, stepsPerEpoch: 10)) }
                == "warmup.length: a warm-up of 30 steps is longer than the 20 steps it is in"
        )
    }
}
