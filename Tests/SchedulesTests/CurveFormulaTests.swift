import Foundation
import Schedules
import Testing

/// A curve in its written form and its formula, worked out anew from the paper's words.
struct FormulaCase: Sendable, CustomStringConvertible {
    let json: String
    /// The rate at t for a peak of 0.8, in a run of 100 steps and 10 epochs.
    let formula: @Sendable (Double) -> Double

    var description: String { json }

    static let peak = 0.8
    static let all: [FormulaCase] = [
        FormulaCase(json: #""type": "constant""#) { _ in 0.8 },
        FormulaCase(json: #""type": "step", "factor": 0.5"#) { 0.8 * pow(0.5, floor($0 / 10)) },
        FormulaCase(json: #""type": "multi_step", "milestones": ["3ep", "50%"], "factor": 0.5"#) {
            $0 < 30 ? 0.8 : $0 < 50 ? 0.4 : 0.2
        },
        FormulaCase(
            json: #"""
                "type": "piecewise_constant", "boundaries": {"steps": [5, 20]},
                "values": [0.1, {"fraction_of_peak": 0.5}, 0]
                """#
        ) { $0 < 5 ? 0.1 : $0 < 20 ? 0.4 : 0 },
        FormulaCase(json: #""type": "exponential", "factor": 0.9"#) {
            0.8 * exp(log(0.9) * $0 / 10)
        },
        FormulaCase(json: #""type": "inverse_time", "factor": 2"#) { 0.8 / (1 + 2 * $0 / 10) },
        FormulaCase(json: #""type": "inverse_time", "staircase": true"#) {
            0.8 / (1 + floor($0 / 10))
        },
        FormulaCase(json: #""type": "linear", "to": 0.3, "over": "50ba""#) {
            0.8 - 0.5 * min($0 / 50, 1)
        },
        FormulaCase(json: #""type": "linear", "to": 1.6"#) { 0.8 + 0.8 * $0 / 100 },
        FormulaCase(json: #""type": "polynomial", "power": 2, "to": 0.2"#) {
            0.2 + 0.6 * (1 - $0 / 100) * (1 - $0 / 100)
        },
        FormulaCase(json: #""type": "cosine", "over": "8ep", "progress_power": 1.5"#) {
            0.4 * (1 + cos(Double.pi * pow(min($0 / 80, 1), 1.5)))
        },
        FormulaCase(json: #""type": "cosine_restarts", "first_cycle": "20ba", "peak_factor": 0.5"#)
        {
            0.4 * pow(0.5, floor($0 / 20)) * (1 + cos(Double.pi * ($0 / 20 - floor($0 / 20))))
        },
        FormulaCase(
            json: #""type": "cosine_restarts", "first_cycle": "10ba", "cycle_factor": 2, "to": 0.2"#
        ) { t in
            let (start, length) =
                t < 10 ? (0.0, 10.0) : t < 30 ? (10, 20) : t < 70 ? (30, 40) : (70, 80)
            return 0.2 + 0.3 * (1 + cos(Double.pi * (t - start) / length))
        },
        FormulaCase(json: #""type": "cyclic", "rise": "5ba", "fall": "15ba", "base": 0.2"#) { t in
            let u = t.truncatingRemainder(dividingBy: 20)
            return 0.2 + 0.6 * (u < 5 ? u / 5 : (20 - u) / 15)
        },
        FormulaCase(json: #""type": "cyclic", "rise": "10ba", "base": 0, "shape": "halving""#) {
            t in
            let u = t.truncatingRemainder(dividingBy: 20)
            return 0.8 * (1 - abs(u / 10 - 1)) / exp2(floor(t / 20))
        },
        FormulaCase(
            json:
                #""type": "cyclic", "rise": "10ba", "base": 0, "shape": "exponential", "factor": 0.97"#
        ) { t in
            let u = t.truncatingRemainder(dividingBy: 20)
            return 0.8 * (1 - abs(u / 10 - 1)) * pow(0.97, t)
        },
        FormulaCase(json: #""type": "one_cycle""#) { t in
            t < 30
                ? 0.032 + (0.8 - 0.032) * (1 - cos(Double.pi * t / 30)) / 2
                : 0.00008 + (0.8 - 0.00008) * (1 + cos(Double.pi * (t - 30) / 70)) / 2
        },
        FormulaCase(
            json: #"""
                "type": "one_cycle", "shape": "linear", "rise": "20ba", "start_divisor": 8, "over": "60ba"
                """#
        ) { t in
            t < 20 ? 0.1 + 0.7 * t / 20 : 0.8 + (0.00008 - 0.8) * min((t - 20) / 40, 1)
        },
        FormulaCase(json: #""type": "inverse_square_root", "timescale": "25ba""#) {
            0.8 / sqrt(1 + $0 / 25)
        },
        FormulaCase(json: #""type": "inverse_square_root""#) { 0.8 / sqrt(1 + $0 / 10_000) },
        FormulaCase(json: #""type": "noam", "rise": "16ba""#) { t in
            0.8 * 4 * min(pow(t + 1, -0.5), (t + 1) * pow(16, -1.5))
        },
        FormulaCase(json: #""type": "power", "timescale": "4ba", "power": 0.5"#) {
            0.8 / sqrt(1 + $0 / 4)
        },
        FormulaCase(json: #""type": "warmup_stable_decay""#) {
            $0 < 80 ? 0.8 : 0.8 * (1 - sqrt(($0 - 80) / 20))
        },
        FormulaCase(
            json: #"""
                "type": "warmup_stable_decay", "cooldown_shape": "power", "cooldown_power": 2, "to": 0.1
                """#
        ) { $0 < 80 ? 0.8 : 0.1 + 0.7 * (1 - pow(($0 - 80) / 20, 2)) },
        FormulaCase(
            json: #"""
                "type": "warmup_stable_decay", "cooldown_shape": "exponential", "cooldown_ratio": 0.1,
                "cooldown": "50ba"
                """#
        ) { $0 < 50 ? 0.8 : 0.8 * (pow(0.1, ($0 - 50) / 50) - 0.1) / 0.9 },
        FormulaCase(json: #""type": "warmup_stable_decay", "cooldown_shape": "linear""#) {
            $0 < 80 ? 0.8 : 0.8 * (100 - $0) / 20
        },
        FormulaCase(json: #""type": "warmup_stable_decay", "cooldown_shape": "cosine""#) {
            $0 < 80 ? 0.8 : 0.4 * (1 + cos(Double.pi * ($0 - 80) / 20))
        },
        FormulaCase(json: #""type": "rex", "to": 0.2"#) { t in
            let x = t / 100
            return 0.2 + 0.6 * (1 - x) / (0.5 + 0.5 * (1 - x))
        },
        FormulaCase(json: #""type": "tanh", "lower": -2, "upper": 2"#) { t in
            0.8 * 0.5 * (1 - Foundation.tanh(4 * t / 100 - 2) / Foundation.tanh(2))
        },
        FormulaCase(
            json:
                #""type": "interpolated", "knots": [{"at": "10ba", "rate": 0.4}, {"at": "30ba", "rate": 1.2}]"#
        ) {
            $0 < 10 ? 0.8 - 0.04 * $0 : $0 < 30 ? 0.4 + 0.04 * ($0 - 10) : 1.2
        },
        FormulaCase(
            json: #"""
                "type": "interpolated", "shape": "logarithmic",
                "knots": [{"at": {"steps": 0}, "rate": 0.001}, {"at": "100ba", "rate": 0.1}]
                """#
        ) { pow(10, -3 + 2 * $0 / 100) },
        FormulaCase(
            json: #"""
                "type": "interpolated", "shape": "cosine", "knots": [{"at": "50ba", "rate": 0}]
                """#
        ) { 0.4 * (1 + cos(Double.pi * min($0 / 50, 1))) },
        FormulaCase(json: #""type": "reduce_on_plateau""#) { _ in 0.8 },
        FormulaCase(json: #""type": "greedy", "start": {"fraction_of_peak": 0.5}"#) { _ in 0.4 },
        FormulaCase(
            json: #"""
                "type": "sequence", "phases": [
                    {"length": "20ba", "type": "linear", "to": 0.4},
                    {"length": "30ba", "type": "constant", "learning_rate": 0.1,
                     "warmup": {"length": "9ba"}},
                    {"type": "cosine", "learning_rate": 0.2}]
                """#
        ) { t in
            if t < 20 { return 0.8 - 0.4 * t / 20 }
            if t < 50 { return 0.1 * min((t - 19) / 10, 1) }
            return 0.1 * (1 + cos(Double.pi * (t - 50) / 50))
        },
        FormulaCase(
            json: #"""
                "type": "product", "factors": [
                    {"type": "cosine", "to": 0.1}, {"type": "step", "factor": 0.5, "every": "3ep"}]
                """#
        ) { t in
            0.8 * (0.1 + 0.45 * (1 + cos(Double.pi * t / 100))) * pow(0.5, floor(t / 30))
        },
    ]
}

@Suite struct CurveFormulaTests {
    @Test(arguments: FormulaCase.all)
    func `every type follows its formula at every step`(row: FormulaCase) throws {
        let rates = try schedule(#"{"learning_rate": 0.8, \#(row.json)}"#)
            .rates(100, stepsPerEpoch: 10)
        for (step, rate) in rates.enumerated() {
            let expected = row.formula(Double(step))
            // 1e-14 of the peak: the rounding of a handful of operations in another order.
            #expect(abs(rate - expected) < 1e-14, "step \(step): \(rate), not \(expected)")
        }
    }

    @Test func `every type of the catalogue has a formula here, but the fractal one`() {
        let types = Set(
            FormulaCase.all.compactMap { row in
                ScheduleCatalogue.types.first { row.json.hasPrefix("\"type\": \"\($0.name)\"") }
            }
        )
        #expect(Set(ScheduleCatalogue.types).subtracting(types).map(\.name) == ["chebyshev"])
    }

    @Test(arguments: FormulaCase.all)
    func `the written form reads back to the same value`(row: FormulaCase) throws {
        let value = try schedule(#"{"learning_rate": 0.8, "floor": 0.01, \#(row.json)}"#)
        let again = try JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(value))
        #expect(again == value)
    }

    @Test(arguments: FormulaCase.all.filter { !$0.json.contains("warmup\"") })
    func `a warm-up and a floor leave the course as it is`(row: FormulaCase) throws {
        let plain = try schedule(
            #"{"learning_rate": 0.8, \#(row.json), "warmup": {"length": "1ba"}}"#
        )
        let floored = try schedule(
            #"{"learning_rate": 0.8, \#(row.json), "warmup": {"length": "1ba"}, "floor": 0.05}"#
        )
        let rates = try plain.rates(101, stepsPerEpoch: 10)
        #expect(rates[0] == 0.4)
        #expect(
            try floored.rates(101, stepsPerEpoch: 10)
                == [0.4] + rates.dropFirst().map { max($0, 0.05) }
        )
    }

    @Test func `chebyshev visits each node once, in fractal order, the greatest near the peak`()
        throws
    {
        let curve = try Curve.chebyshev(every: .steps(1), ratio: 20)
        let rates = try Schedule(curve: curve, learningRate: 1).rates(8)
        let nodes = (0..<8).map { 0.05 / (0.525 - 0.475 * cos(Double.pi * (Double($0) + 0.5) / 8)) }
        #expect(zip(rates, [0, 7, 3, 4, 1, 6, 2, 5].map { nodes[$0] }).allSatisfy(agree))
    }

    @Test func `one_cycle moves the momentum against the rate, unless told not to`() throws {
        let resolved = try Schedule(curve: .oneCycle(), learningRate: 1).resolve(for: makeRun(100))
        let momenta = (0...100).compactMap(resolved.momentum(at:))
        #expect(momenta[0] == 0.95 && momenta[30] == 0.85 && momenta[100] == 0.95)
        #expect(agree(momenta[15], 0.9) && agree(momenta[65], 0.9))
        let still = try Schedule(curve: .oneCycle(momentum: nil), learningRate: 1)
        #expect(try still.resolve(for: makeRun(100)).momentum(at: 5) == nil)
    }

    @Test func `a sequence moves the momentum only where a phase does`() throws {
        let curve = try Curve.sequence([
            Phase(length: .steps(10), curve: .constant),
            Phase(
                length: .steps(10),
                curve: .cyclic(
                    rise: .steps(5),
                    momentum: MomentumRange(high: 0.9, low: 0.8)
                )
            ),
            Phase(length: nil, curve: .constant),
        ])
        let resolved = try Schedule(curve: curve, learningRate: 1).resolve(for: makeRun(30))
        #expect(
            [0, 9, 10, 15, 19, 20].map(resolved.momentum(at:)).map { $0 == nil }
                == [true, true, false, false, false, true]
        )
        #expect(resolved.momentum(at: 15) == 0.8)
    }
}
