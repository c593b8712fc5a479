import CKernels
import Datasets
import TrainingAPI

/// The memory that batches of one network pass through, made once for the largest batch.
final class Workspace {
    /// The most rows of a batch.
    let batchSize: Int
    let batch: BatchMemory
    /// Whether the batches can be trained on.
    let hasGradients: Bool
    /// The floats from one feature to the next in feature-major arrays.
    let featureStride: Int
    private let arrays: [FloatBuffer]
    private let masks: [UnsafeMutablePointer<UInt16>]

    init(
        _ network: Network,
        target: DatasetDescription.Target,
        rows: Int,
        hasGradients: Bool
    ) throws(TrainingError) {
        batchSize = rows
        self.hasGradients = hasGradients
        featureStride = ModelShape.featureStride(rows: rows)
        do throws(DatasetError) {
            batch = try BatchMemory(
                rows: rows,
                features: network.shape.input.count,
                target: target
            )
        } catch {
            throw .dataset(error)
        }
        var arrays: [FloatBuffer] = []
        for plan in network.arrays {
            let isWanted = hasGradients || !plan.isForTraining
            let count = isWanted ? plan.floatsPerRow * featureStride : 0
            arrays.append(try FloatBuffer(count: count))
        }
        self.arrays = arrays
        let blocks = rows.roundedUpToLanes / 16
        masks = network.maskCounts.map { count in
            .allocate(capacity: hasGradients ? count * blocks : 1)
        }
    }

    deinit {
        for mask in masks { mask.deallocate() }
    }

    /// The floats that the arrays have, without the batch itself.
    var floatCount: Int { arrays.map(\.count).reduce(0, +) }

    /// Copies a batch in.
    ///
    /// `step` is the update that it is for and `microbatch` its place among the update's batches.
    func load(
        _ reader: RowReader,
        _ order: [UInt32],
        _ places: Range<Int>,
        step: Int = 0,
        microbatch: Int = 0
    ) {
        reader.read(order, places, into: batch, step: step, microbatch: microbatch)
    }

    /// The values of `signal`.
    func values(of signal: Signal) -> UnsafeMutablePointer<Float> {
        signal.values.map { arrays[$0].elements } ?? batch.features
    }

    /// The gradient by `signal`, which has one.
    func gradient(of signal: Signal) -> UnsafeMutablePointer<Float> {
        guard let place = signal.gradient else {
            preconditionFailure("what came in from the data has no gradient")
        }
        return arrays[place].elements
    }

    /// The array at `place`.
    func array(_ place: Int) -> UnsafeMutablePointer<Float> { arrays[place].elements }

    /// The array at `place`, as four times as many bytes.
    func bytes(_ place: Int) -> UnsafeMutablePointer<UInt8> {
        UnsafeMutableRawPointer(arrays[place].elements).assumingMemoryBound(to: UInt8.self)
    }

    /// The masks at `place`, one for sixteen rows of a feature.
    func mask(_ place: Int) -> UnsafeMutablePointer<UInt16> { masks[place] }

    /// The matrix [features, rows] or its like of an array of flat values.
    func matrix(
        _ elements: UnsafeMutablePointer<Float>,
        of signal: Signal,
        rows: Int
    ) -> Factor {
        let features = signal.shape.count
        guard signal.form == .rows else {
            return Matrix(elements: elements, rows: features, columns: rows, stride: featureStride)
                .asIs
        }
        return Matrix(elements: elements, rows: rows, columns: features, stride: features)
            .transposed
    }

    /// Where the values of `signal` lie in a batch of `rows`.
    func area(of signal: Signal, rows: Int) -> LehrArea {
        switch signal.shape {
        case .flat(let features):
            LehrArea(
                groups: 1,
                channels: features,
                length: rows.roundedUpToLanes,
                stride: featureStride,
                group_stride: 0,
                rows: rows,
                rows_along_length: true
            )
        case .image(let channels, let height, let width):
            LehrArea(
                groups: rows.roundedUpToLanes / 16,
                channels: channels,
                length: height * width * 16,
                stride: height * width * 16,
                group_stride: channels * height * width * 16,
                rows: rows,
                rows_along_length: false
            )
        }
    }
}
