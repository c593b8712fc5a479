import Testing

@testable import Datasets

@Suite struct AugmenterTests {
    /// Eight images of 6 by 6 with two channels, whose pixels all differ.
    private static let images = imageDataset(
        (0..<8 * 72).map { UInt8(truncatingIfNeeded: $0 * 7) },
        shape: [6, 6, 2],
        rows: 8
    )
    private static let part = DataPartition.Part(split: 0, rows: Array(0..<8))

    private func read(
        _ rule: Augmenter.Rule,
        rows: [UInt32] = Array(0..<8),
        step: Int = 3,
        dataset: Dataset = images
    ) throws -> (features: [Float], batch: BatchMemory) {
        let scaling = try FeatureScaling(.none, dataset: dataset, training: Self.part)
        let reader = RowReader(
            Self.part,
            of: dataset,
            scaling: scaling,
            augmentation: rule,
            labelNoise: 0,
            seed: 5
        )
        let width = dataset.description.features
        let batch = try BatchMemory(
            rows: 8,
            features: width,
            target: dataset.description.target
        )
        reader.read(rows, rows.indices, into: batch, step: step)
        return ((0..<rows.count * width).map { batch.features[$0] }, batch)
    }

    private func pixel(_ features: [Float], _ y: Int, _ x: Int, row: Int = 0) -> [Float] {
        (0..<2).map { features[row * 72 + (y * 6 + x) * 2 + $0] }
    }

    @Test func `changes a row by update and row alone, wherever it stands in a batch`() throws {
        var rule = Augmenter.Rule()
        rule.cropPadding = 2
        rule.flipProbability = 0.5
        rule.erasingProbability = 0.5
        let whole = try read(rule).features
        let turned = try read(rule, rows: [7, 2]).features
        #expect(turned[..<72] == whole[(7 * 72)...])
        #expect(turned[72...] == whole[(2 * 72)..<(3 * 72)])
        #expect(try read(rule, step: 4).features != whole)
    }

    @Test func `mirrors whole images`() throws {
        var rule = Augmenter.Rule()
        let plain = try read(rule).features
        rule.flipProbability = 1
        let flipped = try read(rule).features
        for (y, x) in [(0, 0), (2, 1), (5, 5)] {
            #expect(pixel(flipped, y, x) == pixel(plain, y, 5 - x))
        }
    }

    @Test func `moves a window over an image with a margin of zeros`() throws {
        var rule = Augmenter.Rule()
        let plain = try read(rule).features
        rule.cropPadding = 2
        var moves: Set<[Int]> = []
        for step in 0..<40 {
            let cropped = try read(rule, step: step).features
            for row in 0..<8 {
                let fits = (-2...2).flatMap { down in (-2...2).map { [down, $0] } }.filter { move in
                    (0..<36).allSatisfy { place in
                        let (y, x) = (place / 6 + move[0], place % 6 + move[1])
                        let isInside = (0..<6).contains(y) && (0..<6).contains(x)
                        return pixel(cropped, place / 6, place % 6, row: row)
                            == (isInside ? pixel(plain, y, x, row: row) : [0, 0])
                    }
                }
                try #require(fits.count == 1)
                moves.insert(fits[0])
            }
        }
        #expect(moves.count == 25, "every place comes")
    }

    @Test func `erases one rectangle of 2 to 33 in 100 of an image`() throws {
        var rule = Augmenter.Rule()
        rule.erasingProbability = 1
        let erased = try read(rule).features
        for row in 0..<8 {
            let zeros = (0..<36).filter { pixel(erased, $0 / 6, $0 % 6, row: row) == [0, 0] }
            let (ys, xs) = (Set(zeros.map { $0 / 6 }), Set(zeros.map { $0 % 6 }))
            #expect(zeros.count == ys.count * xs.count && zeros.count <= 15)
        }
    }

    @Test func `mixes a batch with itself by one share, and gives the partners' labels`() throws {
        let table = tableDataset(
            features: [1, 10, 100, 1_000, 10_000, 100_000, 1e6, 1e7],
            labels: [0, 1, 2, 3, 4, 5, 6, 7]
        )
        var rule = Augmenter.Rule()
        rule.mixupAlpha = 0.4
        var shares: [Float] = []
        for step in 0..<200 {
            let (features, batch) = try read(rule, step: step, dataset: table)
            shares.append(batch.share)
            for row in 0..<8 {
                let other = Float((0..<batch.otherLabels[row]).reduce(1.0) { x, _ in x * 10 })
                let own = Float((0..<row).reduce(1.0) { x, _ in x * 10 })
                #expect(features[row] == batch.share * own + (1 - batch.share) * other)
            }
        }
        // Beta(0.4, 0.4) has mean 1/2 and variance 1/7.2; four deviations of the mean of 200.
        let mean = shares.reduce(0, +) / 200
        #expect(abs(mean - 0.5) < 0.11)
        let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200
        #expect(abs(variance - 0.139) < 0.03)
    }

    @Test func `makes the same share of labels wrong, and each by another class`() throws {
        let table = tableDataset(
            features: [Float](repeating: 0, count: 300),
            labels: (0..<300).map { $0 % 3 }
        )
        let part = DataPartition.Part(split: 0, rows: Array(0..<200))
        let noisy = try #require(NoisyLabels(0.25, part, of: table, seed: 1))
        let wrong = (0..<300).filter { noisy.labels[$0] != Int32($0 % 3) }
        #expect(wrong.count == 50 && wrong.allSatisfy { $0 < 200 })
        let shifts = Set(wrong.map { (noisy.labels[$0] - Int32($0 % 3) + 3) % 3 })
        #expect(shifts == [1, 2], "every other class comes")
        let again = try #require(NoisyLabels(0.25, part, of: table, seed: 1))
        let other = try #require(NoisyLabels(0.25, part, of: table, seed: 2))
        #expect((0..<300).allSatisfy { noisy.labels[$0] == again.labels[$0] })
        #expect(!(0..<300).allSatisfy { noisy.labels[$0] == other.labels[$0] })
        withExtendedLifetime((noisy, again, other)) {}
    }
}
