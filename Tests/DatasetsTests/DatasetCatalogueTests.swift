import Foundation
import Testing

@testable import Datasets

@Suite struct DatasetCatalogueTests {
    @Test func `decodes fashion-mnist once, then maps the file it made`() throws {
        try withTemporaryFolder { folder in
            let catalogue = DatasetCatalogue(cache: folder + "/cache")
            let first = try catalogue.dataset(named: "fashion-mnist")
            // Without the source files, the rows can only come from the cache.
            let again = try DatasetCatalogue(cache: folder + "/cache", fashionMNIST: "/nowhere")
                .dataset(named: "fashion-mnist")
            for dataset in [first, again] {
                #expect(dataset.description.splits.map(\.rows) == [60_000, 10_000])
                for (split, rows) in zip(dataset.description.splits, dataset.splits) {
                    var counts = [Int](repeating: 0, count: 10)
                    for row in 0..<split.rows { counts[Int(rows.labels[row])] += 1 }
                    #expect(counts == split.classCounts)
                }
                // The first training image is an ankle boot, the first test image too.
                #expect(dataset.splits.map { $0.labels[0] } == [9, 9])
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/cache")
            #expect(left.count == 1, "no partial file is left behind")
        }
    }
}

/// Runs `body` with the path of a new folder, which is removed at the end.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("lehr-datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        // The folder is the test's own, and what remains of it harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }
    return try body(folder.path)
}
