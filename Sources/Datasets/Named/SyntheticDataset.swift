import Foundation

/// A dataset that is computed from a seed and a few parameters.
///
/// Every part has rows of its own: `rows` to train on, and a fifth of that, rounded up, in each of
/// `validation` and `test`. Row i is a function of (seed, part, i) alone.
package struct SyntheticDataset: Hashable, Sendable {
    /// What the rows are.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Points on interleaved arms of a spiral; see `Spirals`.
        case spirals
        /// Two interleaved half circles.
        ///
        /// Row i has class k = i mod 2. With u uniform in [0, 1) and e normal: (cos πu, sin πu) for
        /// k = 0, (1 - cos πu, 1/2 - sin πu) for k = 1, plus noise · e on each.
        ///
        /// Source: scikit-learn's `make_moons`, with u drawn in place of evenly spaced.
        case moons
        /// Round clouds of points, one for each class.
        ///
        /// The centre of class k is uniform in [-10, 10) along each feature; row i has class
        /// k = i mod classes and lies at its centre plus noise · e, e normal.
        ///
        /// Source: scikit-learn's `make_blobs`.
        case blobs
        /// A linear function of normal features, to be predicted.
        ///
        /// With weights w and offset b normal, features x normal and e normal, the value is
        /// w · x + b + noise · e.
        case linear
    }

    /// What the rows are.
    package let kind: Kind
    /// The rows to train on.
    package let rows: Int
    /// The deviation of what is added: the angle in radians for spirals.
    package let noise: Double
    /// The seed of everything that is drawn.
    package let seed: UInt64
    /// The number of classes of spirals and blobs.
    package let classes: Int
    /// The number of features of blobs and linear.
    package let features: Int
    /// How often an arm of the spirals goes round.
    package let turns: Double

    /// Makes the dataset of a kind with its parameters; those that it has no use for mean nothing.
    package init(
        _ kind: Kind,
        rows: Int,
        noise: Double,
        seed: UInt64,
        classes: Int,
        features: Int,
        turns: Double
    ) {
        self.kind = kind
        self.rows = rows
        self.noise = noise
        self.seed = seed
        self.classes = kind == .moons ? 2 : classes
        self.features = kind == .spirals || kind == .moons ? 2 : features
        self.turns = turns
    }

    /// The dataset of a kind with the parameters that a job gets where it gives none.
    package static func standard(_ kind: Kind) -> SyntheticDataset {
        let noise: Double =
            switch kind {
            case .spirals: 0.2
            case .moons, .linear: 0.1
            case .blobs: 1
            }
        return SyntheticDataset(
            kind,
            rows: kind == .spirals ? 3_000 : 1_000,
            noise: noise,
            seed: 0,
            classes: 3,
            features: kind == .linear ? 8 : 2,
            turns: 0.75
        )
    }

    /// What the rows are known as; the hash is of the parameters and the rule.
    package var description: DatasetDescription {
        if kind == .spirals { return spirals.description }
        let splits = zip(["train", "validation", "test"], partRows).map { name, rows in
            guard kind != .linear else { return DatasetDescription.Split(name: name, rows: rows) }
            return DatasetDescription.Split(
                name: name,
                classCounts: (0..<classes).map { (rows + classes - 1 - $0) / classes }
            )
        }
        let names: [String] =
            switch kind {
            case .moons: ["upper", "lower"]
            case .linear: ["value"]
            case .blobs, .spirals: (0..<classes).map { "blob \($0)" }
            }
        return DatasetDescription(
            name: kind.rawValue,
            source: source,
            content: .table,
            element: .floats,
            featureShape: [features],
            target: kind == .linear ? .values(1) : .classes(classes),
            targetNames: names,
            splits: splits,
            contentHash: ContentHash(
                of:
                    "lehr \(kind.rawValue) 1 classes \(classes) features \(features) noise \(noise) "
                    + "seed \(seed) rows \(partRows)"
            )
        )
    }

    /// Computes every row.
    package func make() -> Dataset {
        if kind == .spirals { return spirals.make() }
        let constants = RandomStream(seed: seed, purpose: .synthesis, layer: partRows.count)
        let memory = partRows.enumerated().map { part, rows in
            let memory = OwnedRows(
                rows: rows,
                features: features,
                values: kind == .linear ? 1 : 0
            )
            let stream = RandomStream(seed: seed, purpose: .synthesis, layer: part)
            for row in 0..<rows { fill(row, of: memory, stream, constants) }
            return memory
        }
        return Dataset(description: description, memory: memory)
    }

    private func fill(
        _ row: Int,
        of memory: OwnedRows,
        _ stream: RandomStream,
        _ constants: RandomStream
    ) {
        let step = UInt64(row)
        let features = memory.features.baseAddress.map { $0 + row * self.features }
        guard let features else { return }
        switch kind {
        case .spirals: preconditionFailure("spirals make their own rows")
        case .moons:
            let angle = Double.pi * Double(stream.uniform(step: step, index: 0))
            let isLower = !row.isMultiple(of: 2)
            let (x, y) = isLower ? (1 - cos(angle), 0.5 - sin(angle)) : (cos(angle), sin(angle))
            features[0] = Float(x + noise * stream.normal(step: step, index: 1))
            features[1] = Float(y + noise * stream.normal(step: step, index: 2))
            memory.labels[row] = isLower ? 1 : 0
        case .blobs:
            let label = row % classes
            for feature in 0..<self.features {
                let draw = constants.uniform(step: UInt64(label), index: feature)
                features[feature] = Float(
                    20 * Double(draw) - 10 + noise * stream.normal(step: step, index: feature)
                )
            }
            memory.labels[row] = Int32(label)
        case .linear:
            var value = constants.normal(step: 0, index: self.features)
            for feature in 0..<self.features {
                let x = stream.normal(step: step, index: feature)
                features[feature] = Float(x)
                value += constants.normal(step: 0, index: feature) * x
            }
            value += noise * stream.normal(step: step, index: self.features)
            memory.values[row] = Float(value)
        }
    }

    private var partRows: [Int] { [rows, (rows + 4) / 5, (rows + 4) / 5] }

    private var spirals: Spirals {
        var spirals = Spirals()
        spirals.classes = classes
        spirals.turns = turns
        spirals.noise = noise
        spirals.seed = seed
        spirals.rows = partRows
        return spirals
    }

    private var source: String {
        switch kind {
        case .spirals: spirals.description.source
        case .moons: "made from a seed: two interleaved half circles in the plane, off by \(noise)"
        case .blobs:
            "made from a seed: \(classes) round clouds of points in \(features) dimensions, of "
                + "deviation \(noise)"
        case .linear:
            "made from a seed: a linear function of \(features) normal features, off by \(noise)"
        }
    }
}
