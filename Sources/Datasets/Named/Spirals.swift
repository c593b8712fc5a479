import Foundation

/// Points on interleaved arms of a spiral in the plane, one class per arm: the smallest problem
/// that a linear model cannot solve.
///
/// Row i of a split has class k = i mod classes. With u uniform in [0, 1) and e normal, its radius
/// is u, its angle 2π · (k / classes + turns · u) + noise · e, and its features are
/// (radius · cos angle, radius · sin angle).
package struct Spirals: Hashable, Sendable {
    /// The number of arms; 3 by default.
    package var classes = 3
    /// How often an arm goes round; 0.75 by default.
    package var turns = 0.75
    /// The angle's deviation in radians; 0.2 by default.
    package var noise = 0.2
    /// The seed of the points; 0 by default.
    package var seed: UInt64 = 0
    /// The rows of each split; 3,000 to train on, 600 to validate on and 600 to test on by default.
    package var rows = [3_000, 600, 600]

    /// Makes the spirals that the catalogue offers.
    package init() {}

    /// What the points are known as; the hash is of the parameters and this rule.
    package var description: DatasetDescription {
        DatasetDescription(
            name: "spirals",
            source: "made from a seed: points on \(classes) interleaved arms of a spiral in the "
                + "plane, angles off by \(noise) radians",
            content: .table,
            featureShape: [2],
            classNames: (0..<classes).map { "arm \($0)" },
            splits: zip(["train", "validation", "test"], rows).map { name, rows in
                DatasetDescription.Split(
                    name: name,
                    classCounts: (0..<classes).map { (rows + classes - 1 - $0) / classes }
                )
            },
            contentHash: ContentHash(
                of: "lehr spirals 1 classes \(classes) turns \(turns) noise \(noise) seed \(seed) "
                    + "rows \(rows)"
            )
        )
    }

    /// Computes every point.
    package func make() -> Dataset {
        let description = description
        let memory = rows.map { OwnedRows(rows: $0, features: 2) }
        for (split, memory) in memory.enumerated() {
            let stream = RandomStream(seed: seed, purpose: .synthesis, layer: split)
            for row in memory.labels.indices {
                let arm = row % classes
                let radius = Double(stream.uniform(step: UInt64(row), index: 0))
                let angle =
                    2 * .pi * (Double(arm) / Double(classes) + turns * radius)
                    + noise * stream.normal(step: UInt64(row), index: 1)
                memory.features[2 * row] = Float(radius * cos(angle))
                memory.features[2 * row + 1] = Float(radius * sin(angle))
                memory.labels[row] = Int32(arm)
            }
        }
        return Dataset(description: description, memory: memory)
    }
}
