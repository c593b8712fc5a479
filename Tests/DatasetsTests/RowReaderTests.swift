import Testing

@testable import Datasets

@Suite struct RowReaderTests {
    /// Odd widths have a rest after the sixteen values that the kernel takes at a time.
    @Test(arguments: [1, 15, 16, 19, 48, 53])
    func `copies the named rows in order, scaled`(width: Int) throws {
        let bytes = (0..<4 * width).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let images = imageDataset(bytes, shape: [1, width, 1], rows: 4)
        let table = tableDataset(
            features: bytes.map(Float.init),
            labels: [3, 1, 0, 2],
            columns: width
        )
        for (dataset, whole) in [(images, 255.0), (table, 1)] {
            let part = DataPartition.Part(split: 0, rows: [0, 1, 2, 3])
            let scaling = try FeatureScaling(
                .fixed(mean: [0.25], std: [0.5]),
                dataset: dataset,
                training: part
            )
            let reader = RowReader(part, of: dataset, scaling: scaling)
            let batch = try BatchMemory(rows: 3, features: width, target: .classes(4))
            for feature in 0..<3 * width { batch.features[feature] = -1 }
            batch.labels[2] = -1
            reader.read([2, 3, 0, 1], 1..<3, into: batch)
            for (place, row) in [3, 0].enumerated() {
                for feature in 0..<width {
                    let value = Double(bytes[row * width + feature]) / whole
                    let scaled = Float((value - 0.25) / 0.5)
                    #expect(
                        abs(batch.features[place * width + feature] - scaled) <= 2e-7
                            * (1 + abs(scaled))
                    )
                }
            }
            #expect(batch.features[2 * width] == -1, "nothing is written past the rows")
            let labels = (0..<3).map { batch.labels[$0] }
            #expect(labels == (dataset === table ? [2, 3, -1] : [0, 0, -1]))
            #expect(batch.share == 1)
        }
    }

    @Test func `copies as many values as a row's target has`() throws {
        let memory = OwnedRows(rows: 3, features: 1, values: 2)
        for place in 0..<6 { memory.values[place] = Float(place) }
        let dataset = Dataset(
            description: DatasetDescription(
                name: "values",
                source: "made by a test",
                content: .table,
                element: .floats,
                featureShape: [1],
                target: .values(2),
                targetNames: ["a", "b"],
                splits: [.init(name: "train", rows: 3)],
                contentHash: ContentHash(of: "values")
            ),
            memory: [memory]
        )
        let partition = try DataPartition(
            dataset,
            validation: .fraction(0.34, stratified: true, seed: 0)
        )
        #expect(partition.training.rows.count == 2 && partition.validation?.rows.count == 1)
        let part = DataPartition.Part(split: 0, rows: [0, 1, 2])
        let scaling = try FeatureScaling(.standardize, dataset: dataset, training: part)
        let batch = try BatchMemory(rows: 2, features: 1, target: .values(2))
        RowReader(part, of: dataset, scaling: scaling).read([2, 0, 1], 0..<2, into: batch)
        #expect((0..<4).map { batch.targets[$0] } == [4, 5, 0, 1])
    }
}
