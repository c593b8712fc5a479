import Foundation
import Testing

@testable import Datasets

@Suite struct DatasetCatalogueTests {
    @Test func `jobs on the same synthetic dataset share its rows, and others do not`() throws {
        let catalogue = DatasetCatalogue(cache: "/nowhere")
        var parameters = SyntheticDataset.standard(.blobs)
        let first = try catalogue.dataset(named: "blobs", synthetic: parameters)
        let again = try catalogue.dataset(named: "blobs", synthetic: parameters)
        #expect(again.description == first.description)
        parameters = SyntheticDataset(
            .blobs,
            rows: parameters.rows,
            noise: parameters.noise,
            seed: parameters.seed + 1,
            classes: parameters.classes,
            features: parameters.features,
            turns: parameters.turns
        )
        let other = try catalogue.dataset(named: "blobs", synthetic: parameters)
        #expect(other.description.contentHash != first.description.contentHash)
    }

    @Test func `decodes fashion-mnist once, then maps the file it made`() throws {
        try withTemporaryFolder { folder in
            let catalogue = DatasetCatalogue(cache: folder + "/cache")
            let first = try catalogue.dataset(named: "fashion-mnist")
            // Without the source files, the rows can only come from the cache.
            let again = DatasetCatalogue(cache: folder + "/cache", fashionMNIST: "/nowhere")
            let missing = try again.entry(named: "fashion-mnist").missing
            #expect(missing == nil)
            for dataset in [first, try again.dataset(named: "fashion-mnist")] {
                #expect(dataset.description.splits.map(\.rows) == [60_000, 10_000])
                #expect(classCounts(of: dataset) == dataset.description.splits.map(\.classCounts))
                // The first training image is an ankle boot, the first test image too.
                #expect(
                    [label(0, ofSplit: 0, of: dataset), label(0, ofSplit: 1, of: dataset)] == [
                        9, 9,
                    ]
                )
            }
        }
    }

    @Test func `lets many decode at once and leaves one file`() async throws {
        let folder = try TemporaryFolder()
        let cache = folder.path + "/cache"
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let catalogue = DatasetCatalogue(cache: cache)
                    let dataset = try catalogue.dataset(named: "fashion-mnist")
                    return label(1, ofSplit: 1, of: dataset)
                }
            }
            for try await label in group { #expect(label == 2) }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: cache)
        #expect(left.count == 1, "\(left)")
    }

    @Test func `says which package brings a missing file, and where it was looked for`() throws {
        try withTemporaryFolder { folder in
            let catalogue = DatasetCatalogue(cache: folder + "/cache", fashionMNIST: "/nowhere")
            let says =
                "/nowhere/train-images-idx3-ubyte.gz does not exist: "
                + "install Debian's package dataset-fashion-mnist"
            let missing = try catalogue.entry(named: "fashion-mnist").missing
            #expect(missing == says)
            let error = #expect(throws: DatasetError.self) {
                try catalogue.dataset(named: "fashion-mnist")
            }
            #expect(error?.description == says)
        }
    }

    @Test func `names what it has where a name is unknown`() {
        let catalogue = DatasetCatalogue(cache: "/nowhere")
        let error = #expect(throws: DatasetError.self) { try catalogue.dataset(named: "mnist") }
        #expect(
            error?.description == "dataset.name: there is no dataset 'mnist'; the catalogue has "
                + "blobs, fashion-mnist, linear, moons, spirals"
        )
    }

    @Test func `refuses a cached file that is not what it says`() throws {
        try withTemporaryFolder { folder in
            let file = DecodedFile(folder: folder, description: FashionMNIST.description)
            try Data(repeating: 7, count: file.size).write(to: URL(filePath: file.path))
            let error = #expect(throws: DatasetError.self) {
                try DatasetCatalogue(cache: folder).dataset(named: "fashion-mnist")
            }
            guard case .malformed(file.path, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `says that a cache cannot be made`() throws {
        let error = #expect(throws: DatasetError.self) {
            try DatasetCatalogue(cache: "/proc/lehr").dataset(named: "fashion-mnist")
        }
        guard case .refused("make", "/proc/lehr", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
