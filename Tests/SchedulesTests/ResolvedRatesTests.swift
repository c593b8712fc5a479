import Foundation
import Schedules
import Testing

/// How the flat form finds a segment, and how exact its cosine is.
@Suite struct ResolvedRatesTests {
    @Test func `the cosine agrees with the C library's and is exact at its ends and its middle`()
        throws
    {
        let total = 99_991
        let rates = try Schedule(curve: .cosine(), learningRate: 1).rates(total + 1)
        for (step, rate) in rates.enumerated() {
            let formula = (1 + cos(.pi * Double(step) / Double(total + 1))) / 2
            #expect(abs(rate - formula) <= 3e-16, "step \(step)")
        }
        let even = try Schedule(curve: .cosine(), learningRate: 1).resolve(for: makeRun(1000))
        #expect(even.rate(at: 0) == 1)
        #expect(even.rate(at: 500) == 0.5)
        #expect(even.rate(at: 1000) == 0)
    }

    /// Milestones at the given steps; the rate halves at each.
    @Test(arguments: [
        [1], [1, 2, 3], Array(1...100), [1, 2, 3, 4, 5, 6, 7, 999_999],
        [999_990, 999_995, 999_999],
        (0..<300).map { $0 * $0 + 1 }, (0..<20).map { 1 << $0 }, (1..<50).map { $0 * 20_000 },
    ])
    func `every step falls to the segment that holds it`(milestones: [Int]) throws {
        let resolved = try Schedule(
            curve: .multiStep(milestones: milestones.map { .steps($0) }, factor: 0.96875),
            learningRate: 1
        ).resolve(for: makeRun(1_000_000))
        let edges = milestones.flatMap { [$0 - 1, $0, $0 + 1] }
        let others = stride(from: 0, through: 1_000_000, by: 997)
        for step in edges + others {
            let passed = milestones.count { $0 <= step }
            let rate = (0..<passed).reduce(1.0) { rate, _ in rate * 0.96875 }
            #expect(resolved.rate(at: step) == rate, "step \(step)")
        }
    }

    @Test(arguments: [3, 15_000, 400_000])
    func `few stairs and many have the same rates as the formula`(every: Int) throws {
        let rates = try Schedule(
            curve: .step(every: .steps(every), factor: 0.9999),
            learningRate: 0.1
        ).resolve(for: makeRun(1_000_000))
        for step in stride(from: 0, through: 1_000_000, by: 1999) {
            #expect(rates.rate(at: step) == 0.1 * pow(0.9999, Double(step / every)))
        }
    }
}
