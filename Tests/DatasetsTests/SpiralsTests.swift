import Foundation
import Testing

@testable import Datasets

@Suite struct SpiralsTests {
    @Test func `makes the rows that its description counts`() throws {
        let dataset = Spirals().make()
        #expect(dataset.description.splits.map(\.rows) == [3_000, 600, 600])
        for (split, counts) in zip(dataset.description.splits, classCounts(of: dataset)) {
            #expect(split.classCounts == counts)
        }
    }

    @Test func `puts points on their arms`() throws {
        var spirals = Spirals()
        spirals.noise = 0
        let points = points(spirals)
        try #require(points.count == 6_000)
        for row in 0..<3_000 {
            let (x, y) = (Double(points[2 * row]), Double(points[2 * row + 1]))
            let radius = (x * x + y * y).squareRoot()
            let turn = Double(row % 3) / 3 + 0.75 * radius
            // How far the point lies beside the ray that its arm crosses at this radius; 1e-6 for
            // the rounding to floats.
            let beside = x * sin(2 * .pi * turn) - y * cos(2 * .pi * turn)
            let ahead = x * cos(2 * .pi * turn) + y * sin(2 * .pi * turn)
            #expect(abs(beside) < 1e-6 && ahead > -1e-6)
        }
    }

    @Test func `gives other points and another hash to another seed`() {
        var other = Spirals()
        other.seed = 1
        #expect(other.description.contentHash != Spirals().description.contentHash)
        let areEqual = [points(other) == points(Spirals()), points(Spirals()) == points(Spirals())]
        #expect(areEqual == [false, true])
    }

    private func points(_ spirals: Spirals) -> [Float] {
        let dataset = spirals.make()
        return withExtendedLifetime(dataset) {
            guard case .floats(let points) = dataset.splits[0].features else { return [] }
            return Array(UnsafeBufferPointer(start: points, count: 6_000))
        }
    }
}
