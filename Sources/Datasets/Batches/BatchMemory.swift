import Glibc

/// Where a `RowReader` puts a batch: taken once for the largest, filled again for every update.
///
/// Confined to the thread that trains.
package final class BatchMemory {
    /// The most rows of a batch.
    package let capacity: Int
    /// What is learnt of the rows.
    package let target: DatasetDescription.Target
    /// The batch's features, [rows, features], row-major; at a page's start.
    package let features: UnsafeMutablePointer<Float>
    /// The rows' classes, [rows]; meaningless where targets are values.
    ///
    /// There is room for the next multiple of sixteen rows; what lies past the batch's is 0 or an
    /// earlier batch's.
    package let labels: UnsafeMutablePointer<Int32>
    /// The classes of the rows that a batch was mixed with, [rows], as `labels`.
    ///
    /// They mean something where `share` is below 1 alone.
    package let otherLabels: UnsafeMutablePointer<Int32>
    /// The rows' values, [rows, values], row-major, mixed already where the rows are; meaningless
    /// where targets are classes.
    package let targets: UnsafeMutablePointer<Float>
    /// The share of `labels` in the loss, that of `otherLabels` being the rest.
    ///
    /// 1 where the batch was not mixed, and always where targets are values.
    package internal(set) var share: Float = 1

    /// Room for a copy of the features or of the values; taken when first needed.
    lazy var copies: UnsafeMutablePointer<Float> = {
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: copiedFloats)
        memory.initialize(repeating: 0, count: copiedFloats)
        hasCopies = true
        return memory
    }()
    private let copiedFloats: Int
    private var hasCopies = false

    /// Takes memory for batches of up to `rows` rows; throws where there is none.
    package init(
        rows: Int,
        features: Int,
        target: DatasetDescription.Target
    ) throws(DatasetError) {
        capacity = rows
        self.target = target
        let padded = (rows + 15) / 16 * 16
        let values: Int =
            switch target {
            case .classes: 0
            case .values(let count): rows * count
            }
        copiedFloats = max(1, rows * features, values)
        let bytes = max(1, rows * features + values) * MemoryLayout<Float>.stride
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 4_096, bytes) == 0, let memory else {
            throw .outOfMemory(purpose: "\(bytes) bytes for a batch of \(rows) rows")
        }
        memset(memory, 0, bytes)
        self.features = memory.bindMemory(to: Float.self, capacity: rows * features + values)
        targets = self.features + rows * features
        labels = .allocate(capacity: padded)
        labels.initialize(repeating: 0, count: padded)
        otherLabels = .allocate(capacity: padded)
        otherLabels.initialize(repeating: 0, count: padded)
    }

    deinit {
        free(features)
        if hasCopies { copies.deallocate() }
        labels.deallocate()
        otherLabels.deallocate()
    }
}
