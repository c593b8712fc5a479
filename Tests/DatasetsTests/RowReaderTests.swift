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
            var features = [Float](repeating: -1, count: 2 * width + 1)
            var labels: [Int32] = [-1, -1, -1]
            reader.read([2, 3, 0, 1], 1..<3, features: &features, labels: &labels)
            for (place, row) in [3, 0].enumerated() {
                for feature in 0..<width {
                    let value = Double(bytes[row * width + feature]) / whole
                    let scaled = Float((value - 0.25) / 0.5)
                    #expect(
                        abs(features[place * width + feature] - scaled) <= 2e-7 * (1 + abs(scaled))
                    )
                }
            }
            #expect(features.last == -1, "nothing is written past the rows")
            #expect(labels == (dataset === table ? [2, 3, -1] : [0, 0, -1]))
        }
    }
}
