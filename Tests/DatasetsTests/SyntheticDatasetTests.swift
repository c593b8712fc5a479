import Foundation
import Testing

@testable import Datasets

@Suite struct SyntheticDatasetTests {
    @Test(arguments: SyntheticDataset.Kind.allCases)
    func `makes the rows that its description counts`(kind: SyntheticDataset.Kind) {
        let dataset = SyntheticDataset.standard(kind).make()
        #expect(dataset.description == SyntheticDataset.standard(kind).description)
        guard dataset.description.classes > 0 else { return }
        #expect(classCounts(of: dataset) == dataset.description.splits.map(\.classCounts))
    }

    @Test func `keeps the spirals that there always were`() {
        let standard = SyntheticDataset.standard(.spirals)
        #expect(standard.description == Spirals().description)
    }

    @Test func `puts moons without noise on two half circles`() {
        let moons = SyntheticDataset(
            .moons,
            rows: 100,
            noise: 0,
            seed: 1,
            classes: 2,
            features: 2,
            turns: 0
        )
        let dataset = moons.make()
        withExtendedLifetime(dataset) {
            guard case .floats(let points) = dataset.splits[0].features else { return }
            for row in 0..<100 {
                let (x, y) = (Double(points[2 * row]), Double(points[2 * row + 1]))
                let isLower = row % 2 == 1
                let (dx, dy) = isLower ? (1 - x, 0.5 - y) : (x, y)
                #expect(abs(dx * dx + dy * dy - 1) < 1e-6 && dy > -1e-6)
            }
        }
    }

    @Test func `gives linear values that one weight vector explains`() {
        let linear = SyntheticDataset(
            .linear,
            rows: 50,
            noise: 0,
            seed: 4,
            classes: 0,
            features: 1,
            turns: 0
        )
        let dataset = linear.make()
        withExtendedLifetime(dataset) {
            guard case .floats(let x) = dataset.splits[0].features,
                case .values(let y) = dataset.splits[0].targets
            else { return }
            let slope = (y[1] - y[0]) / (x[1] - x[0])
            for row in 2..<50 { #expect(abs(y[row] - y[0] - slope * (x[row] - x[0])) < 1e-4) }
        }
    }
}
