import Testing

@testable import Datasets

@Suite struct FeatureScalingTests {
    /// Two columns, 0…9 and always 0.1; the last row is set apart.
    static let table = tableDataset(
        features: (0..<10).flatMap { [Float($0), 0.1] } + [1_000, 0.1],
        labels: (0..<11).map { Int32($0 % 2) },
        columns: 2
    )
    static let training = DataPartition.Part(split: 0, rows: Array(0..<10))

    @Test func `standardises columns by the training part alone`() throws {
        let scaling = try FeatureScaling(
            .standardize,
            dataset: Self.table,
            training: Self.training
        )
        #expect(abs(scaling.mean[0] - 4.5) < 1e-12)
        #expect(abs(scaling.std[0] - 8.25.squareRoot()) < 1e-12)
        #expect(scaling.mean[1] == Double(0.1 as Float))
        #expect(scaling.std[1] == 1, "a constant column is not divided by 0")
    }

    @Test func `standardises images by channel, in 0…1`() throws {
        // Three images of two pixels of two channels; the last is not trained on.
        let bytes: [UInt8] = [0, 51, 255, 51, 0, 51, 255, 51, 9, 9, 9, 9]
        let dataset = imageDataset(bytes, shape: [1, 2, 2], rows: 3)
        let scaling = try FeatureScaling(
            .standardize,
            dataset: dataset,
            training: DataPartition.Part(split: 0, rows: [0, 1])
        )
        #expect(scaling.mean == [0.5, 0.2])
        #expect(scaling.std == [0.5, 1])
    }

    @Test func `takes given values, one for all or one each`() throws {
        let one = try FeatureScaling(
            .fixed(mean: [1], std: [2]),
            dataset: Self.table,
            training: Self.training
        )
        #expect(one.mean == [1, 1] && one.std == [2, 2])
        let each = try FeatureScaling(
            .fixed(mean: [1, 2], std: [3, 4]),
            dataset: Self.table,
            training: Self.training
        )
        #expect(each.mean == [1, 2] && each.std == [3, 4])
    }

    @Test(arguments: [
        (mean: [1.0, 2, 3], std: [1.0], says: "dataset.normalize.mean needs 1 value or one for"),
        ([1], [], "dataset.normalize.std needs 1 value or one for each of the 2 columns"),
        ([1], [1, 0], "dataset.normalize.std must be above 0, got 0.0"),
        ([1], [.nan, 1], "dataset.normalize.std must be above 0, got nan"),
    ])
    func `refuses values that do not fit`(mean: [Double], std: [Double], says: String) {
        let error = #expect(throws: DatasetError.self) {
            try FeatureScaling(
                .fixed(mean: mean, std: std),
                dataset: Self.table,
                training: Self.training
            )
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }
}

/// A dataset of `rows` images with label 0.
func imageDataset(_ bytes: [UInt8], shape: [Int], rows: Int) -> Dataset {
    let memory = OwnedBytes(bytes, rows: rows)
    return Dataset(
        description: DatasetDescription(
            name: "images",
            source: "made by a test",
            content: .images,
            featureShape: shape,
            classNames: ["only"],
            splits: [.init(name: "train", classCounts: [rows])],
            contentHash: ContentHash(of: "images")
        ),
        splits: [.init(features: .bytes(memory.bytes), targets: .labels(memory.labels))],
        memory: memory
    )
}

/// `@unchecked`: written in `init` alone.
private final class OwnedBytes: @unchecked Sendable {
    let bytes: UnsafeMutablePointer<UInt8>
    let labels: UnsafeMutablePointer<Int32>

    init(_ values: [UInt8], rows: Int) {
        bytes = .allocate(capacity: values.count)
        bytes.initialize(from: values, count: values.count)
        labels = .allocate(capacity: rows)
        labels.initialize(repeating: 0, count: rows)
    }

    deinit {
        bytes.deallocate()
        labels.deallocate()
    }
}
