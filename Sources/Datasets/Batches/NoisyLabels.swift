/// A split's labels, some of which were made wrong.
///
/// `@unchecked`: written by `init` alone.
final class NoisyLabels: @unchecked Sendable {
    /// [rows] of the whole split.
    let labels: UnsafePointer<Int32>
    private let memory: UnsafeMutablePointer<Int32>

    /// Gives a share of the rows of `training` another label; nil where rows have no labels.
    ///
    /// ⌊share · rows + 1/2⌋ rows are chosen, and each gets one of the other classes, all as likely; a
    /// function of the dataset's hash and `seed`.
    init?(_ share: Double, _ training: DataPartition.Part, of dataset: Dataset, seed: UInt64) {
        guard share > 0, case .labels(let original) = dataset.splits[training.split].targets,
            dataset.description.classes > 1
        else { return nil }
        let rows = dataset.description.splits[training.split].rows
        let classes = UInt64(dataset.description.classes)
        memory = .allocate(capacity: rows)
        memory.initialize(from: original, count: rows)
        labels = UnsafePointer(memory)
        let place = dataset.description.contentHash.prefix
        var order = training.rows
        RandomStream(seed: seed, purpose: .labelNoise, layer: 0).shuffle(&order, step: place)
        let count = Int((share * Double(order.count) + 0.5).rounded(.down))
        let draws = RandomStream(seed: seed, purpose: .labelNoise, layer: 1)
        for row in order.prefix(count) {
            let word = UInt64(draws.words(step: place, block: row).x)
            let other = 1 + ((word * (classes - 1)) >> 32)
            memory[Int(row)] = Int32((UInt64(original[Int(row)]) + other) % classes)
        }
    }

    deinit {
        memory.deallocate()
    }
}
