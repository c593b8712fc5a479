import Foundation

/// The datasets that a job can name without anybody's having brought them, and the folder of decoded
/// rows.
package struct DatasetCatalogue: Sendable {
    /// A dataset with whether it can be read on this machine.
    package struct Entry: Hashable, Sendable {
        /// What the dataset is.
        package let description: DatasetDescription
        /// Why the rows cannot be had here, in a sentence with the remedy; nil where they can.
        package let missing: String?

        /// A dataset and why it cannot be had.
        package init(description: DatasetDescription, missing: String?) {
            self.description = description
            self.missing = missing
        }
    }

    /// Where decoded datasets are kept.
    package let cache: String
    private let fashionMNIST: FashionMNIST

    /// Makes the catalogue of a machine.
    ///
    /// `cache` is a folder for decoded rows, made when first needed and shared by any number of
    /// processes; `fashionMNIST` is where Debian's package puts its files.
    package init(cache: String, fashionMNIST: String = "/usr/share/datasets/fashion-mnist") {
        self.cache = cache
        self.fashionMNIST = FashionMNIST(folder: fashionMNIST)
    }

    /// The synthetic datasets with their standard parameters, by name.
    ///
    /// Their content hashes take longer to make than the rest of a submission.
    private static let standards = Dictionary(
        uniqueKeysWithValues: SyntheticDataset.Kind.allCases.map { kind in
            (kind.rawValue, SyntheticDataset.standard(kind).description)
        }
    )

    /// Every dataset, by name, synthetic ones with their standard parameters; reads no rows.
    package var entries: [Entry] {
        let synthetic = Self.standards.values.map { Entry(description: $0, missing: nil) }
        let stored = Entry(description: FashionMNIST.description, missing: missingFashionMNIST)
        return ([stored] + synthetic).sorted { $0.description.name < $1.description.name }
    }

    /// Whether there is a dataset called `name`.
    package func has(_ name: String) -> Bool {
        Self.standards[name] != nil || name == FashionMNIST.description.name
    }

    /// The dataset called `name`; reads no rows.
    package func entry(named name: String) throws(DatasetError) -> Entry {
        if let description = Self.standards[name] {
            return Entry(description: description, missing: nil)
        }
        guard name == FashionMNIST.description.name else {
            throw .unknown(name: name, known: entries.map(\.description.name))
        }
        return Entry(description: FashionMNIST.description, missing: missingFashionMNIST)
    }

    /// What a synthetic dataset is.
    package static func description(of dataset: SyntheticDataset) -> DatasetDescription {
        guard dataset == .standard(dataset.kind),
            let description = standards[dataset.kind.rawValue]
        else { return dataset.description }
        return description
    }

    /// The rows of the dataset called `name`, decoded and cached first where that has not been done.
    ///
    /// `synthetic` are the parameters of one that is computed; `hash` is what a dataset that somebody
    /// brought is stored under.
    package func dataset(
        named name: String,
        synthetic: SyntheticDataset? = nil,
        hash: ContentHash? = nil
    ) throws(DatasetError) -> Dataset {
        if name == FashionMNIST.description.name { return try cachedFashionMNIST() }
        if let synthetic { return SyntheticCache.dataset(synthetic) }
        if let kind = SyntheticDataset.Kind(rawValue: name) {
            return SyntheticCache.dataset(.standard(kind))
        }
        guard let hash else { throw .unknown(name: name, known: entries.map(\.description.name)) }
        let file = RowFile(folder: cache, hash: hash)
        guard let dataset = try file.load(name: name) else {
            throw .missing(path: file.path, remedy: "upload the dataset \(name) again")
        }
        return dataset
    }

    /// Removes rows from the folder whose writers were killed; those that are being written stay.
    ///
    /// - Returns: How many files were removed.
    package func removeAbandoned() -> Int {
        PartialFile.removeAbandoned(in: cache, where: AtomicFile.isPartial)
    }

    /// Makes the folder of decoded rows where it is missing.
    package func prepare() throws(DatasetError) {
        do {
            try FileManager.default.createDirectory(
                atPath: cache,
                withIntermediateDirectories: true
            )
        } catch {
            throw .refused(operation: "make", path: cache, detail: error.localizedDescription)
        }
    }

    private func cachedFashionMNIST() throws(DatasetError) -> Dataset {
        let file = DecodedFile(folder: cache, description: FashionMNIST.description)
        if let dataset = try file.load() { return dataset }
        try prepare()
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
