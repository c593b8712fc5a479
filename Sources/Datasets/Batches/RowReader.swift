import CKernels

/// Copies rows of a part out of a dataset, scaled.
package struct RowReader {
    /// The part's rows in their own order, ascending.
    package let rows: [UInt32]
    private let dataset: Dataset
    private let split: Int
    private let scale: [Float]
    private let shift: [Float]

    /// Reads `part` of `dataset`, scaled by `scaling`.
    package init(_ part: DataPartition.Part, of dataset: Dataset, scaling: FeatureScaling) {
        self.dataset = dataset
        split = part.split
        rows = part.rows
        (scale, shift) = scaling.factors(for: dataset.description)
    }

    /// The number of rows in the part.
    package var count: Int { rows.count }

    /// Copies the rows that `order` names at `places`, in that order, to `features`
    /// [places, features], row-major, and `labels` [places].
    package func read(
        _ order: [UInt32],
        _ places: Range<Int>,
        features: UnsafeMutablePointer<Float>,
        labels: UnsafeMutablePointer<Int32>
    ) {
        let source = dataset.splits[split]
        let width = dataset.description.features
        order.withUnsafeBufferPointer { order in
            let rows = UnsafeBufferPointer(rebasing: order[places])
            guard let rows = rows.baseAddress else { return }
            switch source.features {
            case .bytes(let bytes):
                lehr_gather_bytes(bytes, width, rows, places.count, scale, shift, features)
            case .floats(let floats):
                lehr_gather_floats(floats, width, rows, places.count, scale, shift, features)
            }
            lehr_gather_labels(source.labels, rows, places.count, labels)
        }
    }
}
