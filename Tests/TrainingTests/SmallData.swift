@testable import Datasets

/// A dataset of floats, all of whose rows are to be trained on, and which are its test split too.
func smallDataset(features: [Float], labels: [Int32], classes: Int) -> Dataset {
    let columns = features.count / labels.count
    let memory = [0, 1].map { _ in OwnedRows(rows: labels.count, features: columns) }
    for memory in memory {
        for (index, value) in features.enumerated() { memory.features[index] = value }
        for (index, label) in labels.enumerated() { memory.labels[index] = label }
    }
    let counts = (0..<classes).map { label in labels.count { Int($0) == label } }
    return Dataset(
        description: DatasetDescription(
            name: "small",
            source: "made by a test",
            content: .table,
            featureShape: [columns],
            classNames: (0..<classes).map(String.init),
            splits: ["train", "test"].map { .init(name: $0, classCounts: counts) },
            contentHash: Spirals().description.contentHash
        ),
        memory: memory
    )
}

/// `rows` images of `side` by `side` pixels in one channel, of normal numbers, with labels in 0..<3, of
/// which each is brighter than the one before; all to be trained on, and the test split too.
func randomImages(rows: Int, side: Int) -> Dataset {
    let stream = RandomStream(seed: 12, purpose: .synthesis)
    let pixels = side * side
    let memory = [0, 1].map { _ in OwnedRows(rows: rows, features: pixels) }
    for memory in memory {
        for row in 0..<rows {
            memory.labels[row] = Int32(row % 3)
            for pixel in 0..<pixels {
                let place = row * pixels + pixel
                memory.features[place] =
                    Float(stream.normal(step: 0, index: place)) + Float(row % 3)
            }
        }
    }
    let counts = (0..<3).map { label in (0..<rows).count { $0 % 3 == label } }
    return Dataset(
        description: DatasetDescription(
            name: "small",
            source: "made by a test",
            content: .images,
            element: .floats,
            featureShape: [side, side, 1],
            target: .classes(3),
            targetNames: ["dark", "grey", "bright"],
            splits: ["train", "test"].map { .init(name: $0, classCounts: counts) },
            contentHash: Spirals().description.contentHash
        ),
        memory: memory
    )
}

/// `rows` rows of normal numbers with labels in 0..<classes.
func randomDataset(rows: Int, columns: Int, classes: Int) -> Dataset {
    let stream = RandomStream(seed: 11, purpose: .synthesis)
    return smallDataset(
        features: (0..<rows * columns).map { Float(stream.normal(step: 0, index: $0)) },
        labels: (0..<rows).map { Int32(stream.uniform(step: 1, index: $0) * Float(classes)) },
        classes: classes
    )
}

/// The label of a row, read while `dataset` is alive.
func label(_ row: Int, ofSplit split: Int, of dataset: Dataset) -> Int32 {
    withExtendedLifetime(dataset) {
        guard case .labels(let labels) = dataset.splits[split].targets else { return -1 }
        return labels[row]
    }
}
