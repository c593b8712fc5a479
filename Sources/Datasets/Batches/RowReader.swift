import CKernels

/// Copies rows of a part out of a dataset, scaled.
package struct RowReader {
    /// The part's rows in their own order, ascending.
    package let rows: [UInt32]
    private let dataset: Dataset
    private let split: Int
    private let scale: [Float]
    private let shift: [Float]

    private let noisy: NoisyLabels?
    private let augmenter: Augmenter?

    /// Reads `part` of `dataset` as it is, scaled by `scaling`.
    package init(_ part: DataPartition.Part, of dataset: Dataset, scaling: FeatureScaling) {
        self.init(
            part,
            of: dataset,
            scaling: scaling,
            augmentation: Augmenter.Rule(),
            labelNoise: 0,
            seed: 0
        )
    }

    /// Reads the part that is trained on, with a share of its labels made wrong for good and its rows
    /// changed anew for every update.
    package init(
        _ part: DataPartition.Part,
        of dataset: Dataset,
        scaling: FeatureScaling,
        augmentation: Augmenter.Rule,
        labelNoise: Double,
        seed: UInt64
    ) {
        self.dataset = dataset
        split = part.split
        rows = part.rows
        (scale, shift) = scaling.factors(for: dataset.description)
        noisy = NoisyLabels(labelNoise, part, of: dataset, seed: seed)
        augmenter =
            augmentation == Augmenter.Rule()
            ? nil
            : Augmenter(augmentation, of: dataset.description, shift: shift, seed: seed)
    }

    /// The number of rows in the part.
    package var count: Int { rows.count }

    /// Copies the rows that `order` names at `places`, in that order, into `batch`.
    ///
    /// `step` is the update that the batch is for and `microbatch` its place among the update's
    /// batches: what random changes of the rows are counted by. Rows that are evaluated are never
    /// changed, and need neither. Nothing is allocated.
    package func read(
        _ order: [UInt32],
        _ places: Range<Int>,
        into batch: BatchMemory,
        step: Int = 0,
        microbatch: Int = 0
    ) {
        precondition(places.count <= batch.capacity, "a batch of more rows than there is room for")
        let source = dataset.splits[split]
        let width = dataset.description.features
        order.withUnsafeBufferPointer { order in
            let rows = UnsafeBufferPointer(rebasing: order[places])
            let all = rows
            guard let rows = rows.baseAddress else { return }
            let features = batch.features
            switch source.features {
            case .bytes(let bytes):
                lehr_gather_bytes(bytes, width, rows, places.count, scale, shift, features)
            case .floats(let floats):
                lehr_gather_floats(floats, width, rows, places.count, scale, shift, features)
            }
            switch source.targets {
            case .labels(let labels):
                let labels = noisy?.labels ?? labels
                lehr_gather_labels(labels, rows, places.count, batch.labels)
            case .values(let values):
                let count = dataset.description.target.outputs
                lehr_gather_values(values, count, rows, places.count, batch.targets)
            }
            augmenter?.change(batch, all, step: step, microbatch: microbatch)
        }
    }
}
