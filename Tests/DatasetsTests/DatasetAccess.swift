@testable import Datasets

/// The label of a row, read while `dataset` is alive.
func label(_ row: Int, ofSplit split: Int, of dataset: Dataset) -> Int32 {
    withExtendedLifetime(dataset) {
        guard case .labels(let labels) = dataset.splits[split].targets else { return -1 }
        return labels[row]
    }
}

/// How many rows of each class the splits hold.
func classCounts(of dataset: Dataset) -> [[Int]] {
    dataset.description.splits.indices.map { split in
        var counts = [Int](repeating: 0, count: dataset.description.classes)
        for row in 0..<dataset.description.splits[split].rows {
            counts[Int(label(row, ofSplit: split, of: dataset))] += 1
        }
        return counts
    }
}
