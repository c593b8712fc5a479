import Crypto
import Foundation
import Testing

@testable import Datasets

/// Small files of the published form, not packed: zlib reads both.
@Suite struct FashionMNISTTests {
    static let pixels = (0..<100 * 784).map { UInt8(truncatingIfNeeded: $0) }
    static let labels = (0..<100).map { UInt8($0 % 10) }

    @Test func `takes pixels and labels from the four files`() throws {
        let dataset = try decode(images: Self.pixels, labels: Self.labels)
        let labels = (0..<100).map { UInt8(label($0, ofSplit: 0, of: dataset)) }
        #expect(labels == Self.labels)
        let isSame = withExtendedLifetime(dataset) {
            guard case .bytes(let pixels) = dataset.splits[1].features else { return false }
            return UnsafeBufferPointer(start: pixels, count: 100 * 784).elementsEqual(Self.pixels)
        }
        #expect(isSame)
    }

    @Test func `names the row whose label is out of range`() {
        var labels = Self.labels
        labels[41] = 12
        expectError("labels-idx1-ubyte.gz: row 41 has label 12, which is not below 10") {
            try decode(images: Self.pixels, labels: labels)
        }
    }

    @Test func `says that a file is truncated, and where`() {
        expectError("images-idx3-ubyte.gz: truncated: it ends after 76016 bytes") {
            try decode(images: Self.pixels.dropLast(2_400), labels: Self.labels)
        }
    }

    @Test func `says that a file is too long`() {
        expectError("labels-idx1-ubyte.gz: more elements than its heading says") {
            try decode(images: Self.pixels, labels: Self.labels + [0])
        }
    }

    @Test func `says that a file is of another shape`() {
        expectError("expected the heading of IDX bytes [100, 28, 28], got [0, 0, 8, 1,") {
            try decode(images: Self.pixels, labels: Self.labels, imageShape: [100])
        }
    }

    @Test func `refuses rows that are not the published ones`() {
        var pixels = Self.pixels
        pixels[5_000] ^= 1
        expectError("holds other data than the catalogue describes: SHA-256 ") {
            try decode(images: pixels, labels: Self.labels)
        }
    }

    private func expectError(_ says: String, _ body: () throws -> Dataset) {
        let error = #expect(throws: DatasetError.self) { _ = try body() }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    /// Writes the files and decodes them as a dataset of 100 rows per split; nothing but a good
    /// decoded file may remain beside them.
    private func decode(
        images: [UInt8],
        labels: [UInt8],
        imageShape: [UInt8] = [100, 28, 28]
    ) throws -> Dataset {
        try withTemporaryFolder { folder in
            let source = FashionMNIST(folder: folder)
            for (path, elements) in zip(source.paths, [images, labels, images, labels]) {
                let shape = path.contains("images") ? imageShape : [100]
                let sizes: [UInt8] = shape.flatMap { [0, 0, 0, $0] as [UInt8] }
                let head: [UInt8] = [0, 0, 8, UInt8(shape.count)] + sizes
                try Data(head + elements).write(to: URL(filePath: path))
            }
            let file = DecodedFile(folder: folder, description: Self.description)
            do {
                try source.decode(into: file)
            } catch {
                let left = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(left.count == 4, "a failed decoding left \(left)")
                throw error
            }
            return try #require(try file.load())
        }
    }

    /// As the real one, with 100 rows in each split and the hash of `pixels` and `labels`.
    private static let description: DatasetDescription = {
        func description(_ hash: ContentHash) -> DatasetDescription {
            DatasetDescription(
                name: "little",
                source: "made by a test",
                content: .images,
                featureShape: [28, 28, 1],
                classNames: FashionMNIST.description.targetNames,
                splits: ["train", "test"].map {
                    .init(name: $0, classCounts: Array(repeating: 10, count: 10))
                },
                contentHash: hash
            )
        }
        let heading = DecodedFile.canonicalHeading(of: description(ContentHash(of: "")))
        let words = labels.flatMap { [$0, 0, 0, 0] as [UInt8] }
        var content = Data(heading.utf8)
        for section in [pixels, words, pixels, words] { content.append(contentsOf: section) }
        return description(ContentHash(SHA256.hash(data: content)))
    }()
}
