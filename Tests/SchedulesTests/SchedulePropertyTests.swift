import Foundation
import Schedules
import Testing

/// Laws that hold for any schedule, tried on random ones; a seed that fails can be run again.
@Suite struct SchedulePropertyTests {
    @Test(arguments: UInt64(0)..<400)
    func `the resolved form equals the description's own formula at every step`(
        seed: UInt64
    ) throws {
        var random = try RandomSchedules(seed: seed)
        let schedule = try random.schedule()
        let rates = try schedule.resolve(for: random.run).rates(0..<random.run.totalSteps)
        let formula = DirectFormula(run: random.run)
        for (step, rate) in rates.enumerated() {
            let expected = formula.rate(schedule, at: step)
            // 1e-12 of the peak of 1: some dozen operations in another order, and roots of small differences.
            #expect(abs(rate - expected) < 1e-12, "step \(step): \(rate), not \(expected)")
        }
    }

    @Test(arguments: UInt64(0)..<400)
    func `no rate is below 0 or above the greatest that is named`(seed: UInt64) throws {
        var random = try RandomSchedules(seed: seed)
        let schedule = try random.schedule()
        let resolved = try schedule.resolve(for: random.run)
        for rate in resolved.rates(0..<(random.run.totalSteps + 5)) {
            // The rounding of a climb to the peak of 1.
            #expect(rate >= 0 && rate <= 1 + 1e-14)
        }
        guard case nil = schedule.warmup, case nil = schedule.curve.parameters["phases"],
            case nil = schedule.curve.parameters["factors"], let floor = schedule.floor
        else { return }
        #expect(resolved.rates(0..<random.run.totalSteps).allSatisfy { $0 >= floor })
    }

    @Test(arguments: UInt64(0)..<200)
    func `within each phase the rate climbs through the warm-up and then never rises`(
        seed: UInt64
    ) throws {
        var random = try RandomSchedules(seed: seed)
        let phases = try random.phases(within: random.run.totalSteps, depth: 1).map { phase in
            let left = phase.length?.steps(in: random.run) ?? random.run.totalSteps
            return try Phase(
                length: phase.length,
                curve: random.fall(within: max(left - 3, 1)),
                learningRate: phase.learningRate,
                floor: phase.floor,
                warmup: phase.warmup
            )
        }
        let rates: [Double]
        do throws(ScheduleError) {
            rates = try Schedule(curve: .sequence(phases), learningRate: 1)
                .resolve(for: random.run).rates(0..<random.run.totalSteps)
        } catch {
            // A cooldown may be longer than what a warm-up leaves of its phase.
            #expect(error.path.components.last == .key("cooldown"))
            return
        }
        var start = 0
        for phase in phases {
            let end = phase.length.map { start + $0.steps(in: random.run) } ?? rates.count
            let climb = start + (phase.warmup?.length.steps(in: random.run) ?? 0)
            for step in start..<end where step > start {
                let rises = rates[step] > rates[step - 1]
                #expect(step <= climb ? rises : rates[step] <= rates[step - 1] + 1e-15)
            }
            if climb < end { #expect(rates[climb] == phase.learningRate ?? 1) }
            start = end
        }
    }

    /// The greatest slope of each passage, as a multiple of its straight line's.
    private static let slopes: [(json: String, slope: Double)] = [
        (#""type": "linear""#, 1), (#""type": "cosine""#, .pi / 2), (#""type": "rex""#, 2),
        (#""type": "polynomial", "power": 3"#, 3),
        (#""type": "tanh", "lower": -3, "upper": 3"#, 3.02),
        (#""type": "one_cycle", "rise": "50%""#, .pi),
        (#""type": "warmup_stable_decay", "cooldown_shape": "linear", "cooldown": "50%""#, 2),
        (#""type": "cyclic", "rise": "25%", "base": 0"#, 4),
        (#""type": "interpolated", "knots": [{"at": "25%", "rate": 0}]"#, 4),
        (#""type": "interpolated", "shape": "cosine", "knots": [{"at": "50%", "rate": 0}]"#, .pi),
    ]

    @Test(arguments: slopes)
    func `a course that promises continuity has no jump, its warm-up's end included`(
        row: (json: String, slope: Double)
    ) throws {
        for steps in [40, 400, 4000] {
            let warmed = #""learning_rate": 1, "warmup": {"length": {"steps": \#(steps)}}"#
            let climb = row.json.contains("one_cycle") || row.json.contains("cyclic")
            let text = climb ? #"{"learning_rate": 1, \#(row.json)}"# : "{\(warmed), \(row.json)}"
            let rates = try schedule(text).rates(climb ? steps : 2 * steps)
            let jump = zip(rates, rates.dropFirst()).map { abs($0 - $1) }.max() ?? 1
            // A fraction is of the whole run, twice the curve's part where there is a warm-up.
            #expect(jump <= 1.02 * row.slope / Double(steps), "\(steps) steps: \(jump)")
        }
    }

    @Test(arguments: UInt64(0)..<200)
    func `any split of a sequence equals the whole`(seed: UInt64) throws {
        var random = try RandomSchedules(seed: seed)
        let run = random.run
        let phases = try random.phases(within: run.totalSteps, depth: 2)
        let floor = random.flip() ? random.number(in: 0...0.05) : nil
        let whole = try Schedule(curve: .sequence(phases), learningRate: 1, floor: floor)
            .resolve(for: run)
        var end = 0
        for cut in phases.indices.dropFirst() {
            end += phases[cut - 1].length?.steps(in: run) ?? 0
            let parts = try [
                Phase(length: .steps(end), curve: .sequence(Array(phases[..<cut]))),
                Phase(length: nil, curve: .sequence(Array(phases[cut...]))),
            ]
            let nested = try Schedule(curve: .sequence(parts), learningRate: 1, floor: floor)
                .resolve(for: run)
            #expect(nested.rates(0..<run.totalSteps) == whole.rates(0..<run.totalSteps))
        }
    }

    @Test(arguments: UInt64(0)..<200)
    func `a step's rate is the same in any order, alone and in blocks`(seed: UInt64) throws {
        var random = try RandomSchedules(seed: seed)
        let resolved = try random.schedule().resolve(for: random.run)
        let total = random.run.totalSteps
        let stepped = (0..<total).map { resolved.rate(at: $0) }
        for _ in 0..<50 {
            let step = random.number(in: 0...(total - 1))
            #expect(resolved.rate(at: step) == stepped[step])
            let end = random.number(in: step...(total - 1))
            #expect(resolved.rates(step..<end) == Array(stepped[step..<end]))
        }
    }

    @Test(arguments: UInt64(0)..<200)
    func `the written form reads back to the same value`(seed: UInt64) throws {
        var random = try RandomSchedules(seed: seed)
        let schedule = try random.schedule()
        let again = try JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(schedule))
        #expect(again == schedule)
    }
}
