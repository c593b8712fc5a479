/// Fashion-MNIST as Debian's package `dataset-fashion-mnist` brings it.
///
/// Source: Xiao, Rasul & Vollgraf 2017, "Fashion-MNIST: a novel image dataset for benchmarking
/// machine learning algorithms".
struct FashionMNIST {
    static let remedy = "install Debian's package dataset-fashion-mnist"

    /// The dataset as published; the hash is of these rows and no others.
    static let description = DatasetDescription(
        name: "fashion-mnist",
        source: "70,000 grey 28 by 28 images of articles of clothing from Zalando's shop "
            + "(Xiao, Rasul & Vollgraf 2017)",
        content: .images,
        featureShape: [28, 28, 1],
        classNames: [
            "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker",
            "bag", "ankle boot",
        ],
        splits: [
            .init(name: "train", classCounts: Array(repeating: 6_000, count: 10)),
            .init(name: "test", classCounts: Array(repeating: 1_000, count: 10)),
        ],
        contentHash: ContentHash(
            digits: "5172bf82ec0041c195d434693f8bdbbbe2a0168332eb687bb3f61a5af0a83e7e"
        )
    )

    /// The folder that holds the four files.
    let folder: String

    /// The files that the rows are read from.
    var paths: [String] {
        ["train", "t10k"].flatMap {
            ["\(folder)/\($0)-images-idx3-ubyte.gz", "\(folder)/\($0)-labels-idx1-ubyte.gz"]
        }
    }

    /// Unpacks the files into `target`.
    func decode(into target: DecodedFile) throws(DatasetError) {
        let writer = try DecodedFileWriter(target)
        for (index, split) in target.description.splits.enumerated() {
            let imagesPath = paths[2 * index]
            let images = try IDXReader(
                path: imagesPath,
                shape: [split.rows, 28, 28],
                remedy: Self.remedy
            )
            for _ in 0..<split.rows / 100 {
                try writer.append(images.next(100 * target.description.features))
            }
            try images.expectEnd()
            try writer.endSection()
            try writer.append(labels: labels(at: paths[2 * index + 1], rows: split.rows))
            try writer.endSection()
        }
        try writer.finish(source: folder)
    }

    private func labels(at path: String, rows: Int) throws(DatasetError) -> [Int32] {
        let file = try IDXReader(path: path, shape: [rows], remedy: Self.remedy)
        let labels = try file.next(rows)
        try file.expectEnd()
        if let row = labels.firstIndex(where: { $0 >= Self.description.classes }) {
            throw .malformed(
                path: path,
                detail: "row \(row) has label \(labels[row]), which is not below "
                    + "\(Self.description.classes)"
            )
        }
        return labels.map(Int32.init)
    }
}
