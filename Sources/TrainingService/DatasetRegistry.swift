internal import Datasets
internal import TrainingAPI

/// The datasets as the API shows them.
struct DatasetRegistry: Sendable {
    private let catalogue: DatasetCatalogue

    /// Makes a registry over `catalogue`.
    init(_ catalogue: DatasetCatalogue) {
        self.catalogue = catalogue
    }

    /// Every dataset.
    var all: [DatasetBody] {
        catalogue.entries.map { Self.body($0) }
    }

    /// The dataset called `name`.
    func dataset(named name: String) -> DatasetBody? {
        all.first { $0.name == name }
    }

    /// What a job on the dataset is planned with, or a report of why there can be no such job.
    func facts(
        for specification: DatasetSpecification,
        _ context: inout DecodingContext
    ) -> DatasetFacts? {
        let place = Pointer.root.appending("dataset").appending("name")
        guard let dataset = dataset(named: specification.name) else {
            let names = all.map(\.name)
            let near = names.joined(separator: ", ")
            context.report(
                place,
                .range,
                "there is no dataset \"\(specification.name)\"; there are \(near)"
            )
            return nil
        }
        if let remedy = dataset.remedy {
            context.report(place, .conflict, remedy)
            return nil
        }
        return DatasetFacts(
            name: dataset.name,
            rows: dataset.rows,
            shape: dataset.shape,
            target: .classes(dataset.classes)
        )
    }

    private static func body(_ entry: DatasetCatalogue.Entry) -> DatasetBody {
        let description = entry.description
        let rows = description.splits.map { ($0.name, $0.rows) }
        return DatasetBody(
            name: description.name,
            summary: description.source,
            rows: Dictionary(uniqueKeysWithValues: rows),
            shape: description.featureShape,
            classes: description.classes,
            hash: description.contentHash.description,
            isAvailable: entry.missing == nil,
            remedy: entry.missing
        )
    }
}
