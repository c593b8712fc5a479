import Testing

@testable import Datasets

@Suite struct DataPartitionTests {
    /// 100 training rows of class 0, 50 of class 1 and 7 of class 2.
    static let uneven = tableDataset(
        features: [Float](repeating: 0, count: 157),
        labels: (0..<157).map { $0 < 100 ? 0 : $0 < 150 ? 1 : 2 }
    )

    @Test func `sets rows aside that are not trained on, and leaves none out`() throws {
        let partition = try DataPartition(
            Self.uneven,
            validation: .fraction(0.2, stratified: true, seed: 4)
        )
        let validation = try #require(partition.validation)
        #expect(validation.rows.count == 31)
        #expect((validation.rows + partition.training.rows).sorted() == Array(0..<157))
        #expect(partition.training.rows == partition.training.rows.sorted())
    }

    @Test func `keeps each class's share where it is stratified`() throws {
        let validation = try DataPartition(
            Self.uneven,
            validation: .fraction(0.2, stratified: true, seed: 4)
        ).validation
        let labels = try #require(validation).rows.map { $0 < 100 ? 0 : $0 < 150 ? 1 : 2 }
        // 19.7, 9.9 and 1.4 of 31.
        #expect((0..<3).map { label in labels.count { $0 == label } } == [20, 10, 1])
    }

    @Test(arguments: [
        (total: 5, sizes: [10, 10], shares: [3, 2]),
        (31, [100, 50, 7], [20, 10, 1]),
        (0, [3, 4], [0, 0]),
        (7, [3, 0, 4], [3, 0, 4]),
    ])
    func `rounds shares so that their sum stays`(total: Int, sizes: [Int], shares: [Int]) {
        #expect(DataPartition.shares(of: total, among: sizes) == shares)
    }

    @Test(arguments: [true, false])
    func `depends on the hash and the split's seed`(stratified: Bool) throws {
        func rows(_ dataset: Dataset, seed: UInt64) throws -> [UInt32]? {
            let choice = DataPartition.Validation.fraction(0.5, stratified: stratified, seed: seed)
            return try DataPartition(dataset, validation: choice).validation?.rows
        }
        let other = tableDataset(
            features: [Float](repeating: 1, count: 157),
            labels: (0..<157).map { $0 < 100 ? 0 : $0 < 150 ? 1 : 2 },
            hash: ContentHash(of: "other")
        )
        #expect(try rows(Self.uneven, seed: 1) == rows(Self.uneven, seed: 1))
        #expect(try rows(Self.uneven, seed: 1) != rows(Self.uneven, seed: 2))
        #expect(try rows(Self.uneven, seed: 1) != rows(other, seed: 1))
    }

    @Test func `validates on a named split whole`() throws {
        let partition = try DataPartition(Spirals().make(), validation: .split("validation"))
        #expect(partition.training.rows.count == 3_000)
        #expect(partition.validation == .init(split: 1, rows: Array(0..<600)))
        #expect(partition.test == .init(split: 2, rows: Array(0..<600)))
    }

    @Test func `counts what it will part`() throws {
        let dataset = Spirals().make()
        for choice: DataPartition.Validation in [
            .fraction(0.1, stratified: true, seed: 0), .split("validation"), .none,
        ] {
            let counts = try DataPartition.counts(of: dataset.description, validation: choice)
            let partition = try DataPartition(dataset, validation: choice)
            #expect(counts.training == partition.training.rows.count)
            #expect(counts.validation == partition.validation?.rows.count ?? 0)
            #expect(counts.test == partition.test?.rows.count)
        }
    }

    @Test(arguments: [
        (
            choice: DataPartition.Validation.fraction(0.003, stratified: true, seed: 0),
            says: "0.003 of the 157 training rows of table leaves 0 to validate on and 157 to train"
        ),
        (
            .fraction(0.999, stratified: false, seed: 0),
            "leaves 157 to validate on and 0 to train on"
        ),
        (.fraction(1, stratified: true, seed: 0), "below 1, got 1.0"),
        (.fraction(.nan, stratified: true, seed: 0), "above 0 and below 1, got nan"),
        (.split("test"), "cannot be 'test': table offers none to validate on"),
        (.split("train"), "cannot be 'train'"),
        (.split("dev"), "cannot be 'dev'"),
    ])
    func `refuses a part that would be empty or may not choose`(
        choice: DataPartition.Validation,
        says: String
    ) {
        let error = #expect(throws: DatasetError.self) {
            try DataPartition(Self.uneven, validation: choice)
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("dataset.validation.") == true)
    }
}

/// A dataset of one column with `labels`, whose split `test` repeats its first row.
func tableDataset(
    features: [Float],
    labels: [Int32],
    columns: Int = 1,
    hash: ContentHash = ContentHash(of: "table")
) -> Dataset {
    let classes = Int(labels.max() ?? 0) + 1
    let counts = (0..<classes).map { label in labels.count { Int($0) == label } }
    let train = OwnedRows(rows: labels.count, features: columns)
    let test = OwnedRows(rows: 1, features: columns)
    for (index, value) in features.enumerated() { train.features[index] = value }
    for (index, label) in labels.enumerated() { train.labels[index] = label }
    for column in 0..<columns { test.features[column] = features[column] }
    test.labels[0] = labels[0]
    return Dataset(
        description: DatasetDescription(
            name: "table",
            source: "made by a test",
            content: .table,
            featureShape: [columns],
            classNames: (0..<classes).map(String.init),
            splits: [
                .init(name: "train", classCounts: counts),
                .init(
                    name: "test",
                    classCounts: (0..<classes).map { Int(labels[0]) == $0 ? 1 : 0 }
                ),
            ],
            contentHash: hash
        ),
        memory: [train, test]
    )
}
