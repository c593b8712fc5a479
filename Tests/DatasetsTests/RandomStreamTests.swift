import Datasets
import Testing

@Suite struct RandomStreamTests {
    /// Worked out by an implementation in another language.
    @Test func `gives the documented numbers`() {
        let stream = RandomStream(seed: 7, purpose: .initialWeights, layer: 2)
        let draws = (0..<6).map { Int(stream.uniform(step: 0, index: $0) * 0x1p24) }
        #expect(draws == [5_424_758, 817_546, 15_157_469, 12_256_014, 11_716_845, 985_744])
    }

    /// Worked out by an implementation in another language; the second seed has a high word.
    @Test(
        arguments: [
            (seed: 7, order: [3, 9, 5, 2, 4, 11, 8, 7, 6, 0, 1, 10]),
            (5 << 32 | 7, [3, 4, 8, 0, 11, 2, 7, 6, 1, 9, 5, 10]),
        ] as [(seed: UInt64, order: [UInt32])]
    )
    func `shuffles in the documented way`(seed: UInt64, order: [UInt32]) {
        var rows = Array(0..<12 as Range<UInt32>)
        RandomStream(seed: seed, purpose: .order).shuffle(&rows, step: 3)
        #expect(rows == order)
    }

    @Test(arguments: [0, 1, 2])
    func `leaves none or one row, and keeps two`(count: UInt32) {
        var rows = Array(0..<count)
        RandomStream(seed: 0, purpose: .order).shuffle(&rows, step: 0)
        #expect(rows.sorted() == Array(0..<count))
    }

    @Test func `differs by seed, purpose, layer, step and block`() {
        let streams = [
            RandomStream(seed: 1, purpose: .order),
            RandomStream(seed: 1 << 32, purpose: .order),
            RandomStream(seed: 1, purpose: .split),
            RandomStream(seed: 1, purpose: .order, layer: 1),
        ]
        let places: [(step: UInt64, block: UInt32)] = [(0, 0), (1, 0), (1 << 32, 0), (0, 1)]
        let words = streams.flatMap { stream in
            places.map { stream.words(step: $0.step, block: $0.block) }
        }
        #expect(Set(words).count == streams.count * places.count)
    }

    /// The bounds are five standard errors of 40,000 draws.
    @Test func `draws normal numbers of mean 0 and deviation 1`() {
        let stream = RandomStream(seed: 3, purpose: .synthesis)
        let draws = (0..<40_000).map { stream.normal(step: 0, index: $0) }
        let mean = draws.reduce(0, +) / 40_000
        let variance = draws.reduce(0) { $0 + $1 * $1 } / 40_000
        #expect(abs(mean) < 0.025)
        #expect(abs(variance - 1) < 0.036)
    }
}
