import Foundation

/// The datasets that a job can name.
package struct DatasetCatalogue: Sendable {
    /// A dataset with whether it can be read on this machine.
    package struct Entry: Hashable, Sendable {
        /// What the dataset is.
        package let description: DatasetDescription
        /// Why the rows cannot be had here, in a sentence with the remedy; nil where they can.
        package let missing: String?
    }

    /// Where decoded datasets are kept.
    private let cache: String
    private let fashionMNIST: FashionMNIST

    /// Makes the catalogue of a machine.
    ///
    /// `cache` is a folder for decoded rows, made when first needed and shared by any number of
    /// processes; `fashionMNIST` is where Debian's package puts its files.
    package init(cache: String, fashionMNIST: String = "/usr/share/datasets/fashion-mnist") {
        self.cache = cache
        self.fashionMNIST = FashionMNIST(folder: fashionMNIST)
    }

    /// Every dataset, by name; reads no rows.
    package var entries: [Entry] {
        [
            Entry(description: FashionMNIST.description, missing: missingFashionMNIST),
            Entry(description: Spirals().description, missing: nil),
        ]
    }

    /// The dataset called `name`; reads no rows.
    package func entry(named name: String) throws(DatasetError) -> Entry {
        guard let entry = entries.first(where: { $0.description.name == name }) else {
            throw .unknown(name: name, known: entries.map(\.description.name))
        }
        return entry
    }

    /// The rows of the dataset called `name`, decoded and cached first where that has not been done.
    package func dataset(named name: String) throws(DatasetError) -> Dataset {
        switch try entry(named: name).description {
        case FashionMNIST.description: try cachedFashionMNIST()
        default: Spirals().make()
        }
    }

    private func cachedFashionMNIST() throws(DatasetError) -> Dataset {
        let file = DecodedFile(folder: cache, description: FashionMNIST.description)
        if let dataset = try file.load() { return dataset }
        do {
            try FileManager.default.createDirectory(
                atPath: cache,
                withIntermediateDirectories: true
            )
        } catch {
            throw .refused(operation: "make", path: cache, detail: error.localizedDescription)
        }
        try fashionMNIST.decode(into: file)
        guard let dataset = try file.load() else {
            throw .missing(path: file.path, remedy: "it was deleted as soon as it was written")
        }
        return dataset
    }

    private var missingFashionMNIST: String? {
        let decoded = DecodedFile(folder: cache, description: FashionMNIST.description).path
        guard !FileManager.default.fileExists(atPath: decoded) else { return nil }
        return fashionMNIST.paths.first { !FileManager.default.fileExists(atPath: $0) }.map {
            DatasetError.missing(path: $0, remedy: FashionMNIST.remedy).description
        }
    }
}
