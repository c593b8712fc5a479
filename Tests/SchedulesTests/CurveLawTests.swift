import Foundation
import Schedules
import Testing

@Suite struct CurveLawTests {
    private static let falls = [
        #""type": "linear""#, #""type": "polynomial", "power": 0.7"#, #""type": "cosine""#,
        #""type": "cosine", "progress_power": 2.5"#, #""type": "rex""#, #""type": "tanh""#,
        #""type": "exponential", "factor": 0.8"#, #""type": "step""#, #""type": "inverse_time""#,
        #""type": "inverse_square_root""#, #""type": "power""#, #""type": "warmup_stable_decay""#,
        #""type": "multi_step", "milestones": {"epochs": [2, 5]}"#,
    ]

    /// Runs of many extents, among them the smallest.
    private static let extents = [(1, 1), (2, 1), (3, 7), (100, 10), (997, 31), (20_000, 391)]

    @Test(arguments: falls)
    func `a fall never rises and begins at the peak`(json: String) throws {
        for (total, perEpoch) in Self.extents where total > 60 || !json.contains("multi_step") {
            let resolved = try schedule(#"{"learning_rate": 0.3, \#(json)}"#)
                .resolve(for: makeRun(total, stepsPerEpoch: perEpoch))
            let rates = resolved.rates(0..<(total + 3))
            #expect(rates[0] == 0.3)
            #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 >= $1 - 1e-15 })
            #expect(rates[total] == rates[total + 2])
        }
    }

    @Test(arguments: FormulaCase.all)
    func `rates stay between 0 and the greatest value that is named`(row: FormulaCase) throws {
        for perEpoch in [1, 7, 10] {
            let rates = try schedule(#"{"learning_rate": 0.8, \#(row.json)}"#)
                .rates(100, stepsPerEpoch: perEpoch)
            #expect(rates.allSatisfy { $0 >= 0 && $0 <= 1.6 && $0.isFinite })
        }
    }

    @Test(arguments: FormulaCase.all)
    func `rates in any order and in blocks are the same`(row: FormulaCase) throws {
        let resolved = try schedule(#"{"learning_rate": 0.8, \#(row.json)}"#)
            .resolve(for: makeRun(100, stepsPerEpoch: 10))
        let forwards = resolved.rates(0..<100)
        #expect((0..<100).reversed().map { resolved.rate(at: $0) } == forwards.reversed())
        var block = [Double](repeating: 0, count: 50)
        block.withUnsafeMutableBufferPointer { resolved.fill($0, from: 25) }
        #expect(block == Array(forwards[25..<75]))
    }

    @Test func `a sequence of sequences equals the sequence of all phases`() throws {
        let phases = try [
            Phase(length: .steps(13), curve: .linear(to: .value(0.1))),
            Phase(length: .fraction(0.3), curve: .oneCycle(rise: .steps(5)), learningRate: 0.2),
            Phase(length: .epochs(2), curve: .step(every: .steps(3)), floor: 0.01),
            Phase(length: nil, curve: .cosine(), warmup: Warmup(length: .steps(4))),
        ]
        let run = try makeRun(100, stepsPerEpoch: 10)
        let whole = try Schedule(curve: .sequence(phases), learningRate: 0.5).resolve(for: run)
        let starts = [0, 13, 43, 63, 100]
        for cut in 1..<4 {
            let first = try Phase(
                length: .steps(starts[cut]),
                curve: .sequence(Array(phases[..<cut]))
            )
            let second = try Phase(length: nil, curve: .sequence(Array(phases[cut...])))
            let nested = try Schedule(curve: .sequence([first, second]), learningRate: 0.5)
                .resolve(for: run)
            #expect(nested.rates(0..<100) == whole.rates(0..<100))
        }
    }

    @Test func `a product of one factor is that curve`() throws {
        let plain = try Schedule(curve: .oneCycle(), learningRate: 0.5).rates(60)
        let product = try Schedule(curve: .product([.oneCycle()]), learningRate: 0.5).rates(60)
        #expect(zip(plain, product).allSatisfy(agree))
    }

    @Test func `curves given in epochs still move at every step`() throws {
        let rates = try Schedule(
            curve: .cosine(to: .value(0), over: .epochs(4)),
            learningRate: 1
        ).rates(40, stepsPerEpoch: 10)
        #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
    }
}
