/// How the rows of an epoch are cut into batches.
package struct BatchPlan: Hashable, Sendable {
    /// The rows of an epoch.
    package let rows: Int
    /// The rows of every batch but the last.
    package let batchSize: Int
    /// The number of batches, which is that of updates; at least 1.
    package let stepsPerEpoch: Int

    /// Cuts `rows` rows into batches of `batchSize`, at least 1.
    ///
    /// A last partial batch is kept unless `dropLast`. Throws where no batch is left.
    package init(rows: Int, batchSize: Int, dropLast: Bool) throws(DatasetError) {
        guard batchSize > 0 else {
            throw .invalid(field: "batch_size", detail: "must be at least 1, got \(batchSize)")
        }
        self.rows = rows
        self.batchSize = batchSize
        stepsPerEpoch = dropLast ? rows / batchSize : (rows - 1) / batchSize + 1
        guard stepsPerEpoch > 0 else {
            throw .invalid(
                field: "batch_size",
                detail: "\(batchSize) is larger than the \(rows) training rows, and drop_last "
                    + "leaves no batch"
            )
        }
    }

    /// The places in the epoch's order that the batch of `index` takes, 0-based.
    package func places(ofBatch index: Int) -> Range<Int> {
        index * batchSize..<min(rows, (index + 1) * batchSize)
    }
}
