internal import DatasetPlans
internal import Datasets
internal import Foundation
internal import Jobs
internal import TrainingAPI

/// The datasets as the API shows them: those that come with the service, and those that somebody brought.
///
/// Of the latter, the store has the description and the folder of decoded rows a file named by the hash.
struct DatasetRegistry: Sendable {
    /// A dataset with whether somebody brought it.
    struct Found {
        let entry: DatasetCatalogue.Entry
        let isUploaded: Bool
    }

    let catalogue: DatasetCatalogue
    let store: any JobStore

    /// Makes a registry over a catalogue and what the store knows.
    init(_ catalogue: DatasetCatalogue, store: any JobStore) {
        self.catalogue = catalogue
        self.store = store
    }

    /// Every dataset, by name.
    func all() throws -> [DatasetBody] {
        var found = catalogue.entries.map { Found(entry: $0, isUploaded: false) }
        var query = DocumentQuery(kind: Self.kind, limit: 500)
        while true {
            let page = try store.documents(query)
            found += page.documents.compactMap { uploaded($0) }
            guard page.hasMore, let last = page.documents.last else { break }
            query.cursor = .init(createdAt: last.createdAt, name: last.id.name)
        }
        return found.map { Self.body($0) }.sorted { $0.name < $1.name }
    }

    /// The dataset called `name`; nil where there is none.
    func found(named name: String) throws -> Found? {
        // A name that is in neither is told by the nil.
        if let entry = try? catalogue.entry(named: name) {
            return Found(entry: entry, isUploaded: false)
        }
        do {
            let id = DocumentID(kind: Self.kind, name: name)
            return uploaded(try store.document(id, version: nil))
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    /// Whether nobody can change the dataset: it came with the service.
    func isFixed(_ specification: DatasetSpecification) -> Bool {
        specification.synthetic != nil || catalogue.has(specification.name)
    }

    /// The dataset called `name` as it is shown; nil where there is none.
    func dataset(named name: String) throws -> DatasetBody? {
        try found(named: name).map { Self.body($0) }
    }

    /// What a job on the dataset is planned with, or a report of why there can be no such job.
    func facts(
        for specification: DatasetSpecification,
        _ context: inout DecodingContext
    ) throws -> DatasetFacts? {
        let place = Pointer.root.appending("dataset").appending("name")
        guard let found = try found(named: specification.name) else {
            let names = try all().map(\.name)
            let near = names.joined(separator: ", ")
            context.report(
                place,
                .range,
                "there is no dataset \"\(specification.name)\"; there are \(near)"
            )
            return nil
        }
        if let remedy = found.entry.missing {
            context.report(place, .conflict, remedy)
            return nil
        }
        let description =
            specification.synthetic.map { DatasetCatalogue.description(of: SyntheticDataset($0)) }
            ?? found.entry.description
        let rows = description.splits.map { ($0.name, $0.rows) }
        return DatasetFacts(
            name: description.name,
            rows: Dictionary(uniqueKeysWithValues: rows),
            shape: description.featureShape,
            target: Self.target(of: description),
            hash: description.contentHash.description
        )
    }

    /// The kind of document that a dataset's description is.
    static let kind = "dataset"

    private func uploaded(_ document: VersionedDocument) -> Found? {
        let name = document.id.name
        guard let description = DatasetDescription(name: name, encoded: document.payload) else {
            return nil
        }
        let file = RowFile(folder: catalogue.cache, hash: description.contentHash)
        let missing = file.exists ? nil : "\(file.path) does not exist: upload \(name) again"
        return Found(
            entry: .init(description: description, missing: missing),
            isUploaded: true
        )
    }

    private static func target(of description: DatasetDescription) -> DatasetFacts.Target {
        switch description.target {
        case .classes(let count): .classes(count)
        case .values(let count): .values(count)
        }
    }

    static func body(_ found: Found) -> DatasetBody {
        let description = found.entry.description
        let rows = description.splits.map { ($0.name, $0.rows) }
        let balance = description.splits.map { ($0.name, $0.classCounts) }
        return DatasetBody(
            name: description.name,
            summary: description.source,
            rows: Dictionary(uniqueKeysWithValues: rows),
            shape: description.featureShape,
            target: target(of: description),
            targetNames: description.targetNames,
            balance: description.classes > 0 ? Dictionary(uniqueKeysWithValues: balance) : [:],
            isUploaded: found.isUploaded,
            hash: description.contentHash.description,
            isAvailable: found.entry.missing == nil,
            remedy: found.entry.missing
        )
    }
}
