import Foundation

/// A dataset's description as files and records hold it: JSON without the name.
struct StoredDescription: Codable {
    /// A part's name, its number of rows, and of classes the rows of each.
    struct Split: Codable {
        var name: String
        var rows: Int
        var classCounts: [Int]?
    }

    var source: String
    var content: String
    var element: String
    var shape: [Int]
    var classes: [String]?
    var values: [String]?
    var splits: [Split]
    var hash: String
}

extension DatasetDescription {
    /// The description in JSON, to be read by `init(name:encoded:)`.
    package var encoded: [UInt8] {
        var stored = StoredDescription(
            source: source,
            content: content.rawValue,
            element: element.rawValue,
            shape: featureShape,
            splits: splits.map {
                .init(
                    name: $0.name,
                    rows: $0.rows,
                    classCounts: $0.classCounts.isEmpty ? nil : $0.classCounts
                )
            },
            hash: contentHash.description
        )
        switch target {
        case .classes: stored.classes = targetNames
        case .values: stored.values = targetNames
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Texts and whole numbers are always JSON.
        return (try? encoder.encode(stored)).map(Array.init) ?? []
    }

    /// Reads what `encoded` wrote; nil where it is something else.
    package init?(name: String, encoded bytes: [UInt8]) {
        // What cannot be read is told by the nil.
        guard let stored = try? JSONDecoder().decode(StoredDescription.self, from: Data(bytes)),
            let content = Content(rawValue: stored.content),
            let element = Element(rawValue: stored.element),
            let names = stored.classes ?? stored.values, !names.isEmpty,
            let hash = ContentHash(stored.hash),
            !stored.shape.isEmpty, stored.shape.allSatisfy({ $0 > 0 }), stored.splits.count > 0,
            stored.splits.allSatisfy({ $0.rows > 0 })
        else { return nil }
        self.init(
            name: name,
            source: stored.source,
            content: content,
            element: element,
            featureShape: stored.shape,
            target: stored.classes == nil ? .values(names.count) : .classes(names.count),
            targetNames: names,
            splits: stored.splits.map { split in
                split.classCounts.map { Split(name: split.name, classCounts: $0) }
                    ?? Split(name: split.name, rows: split.rows)
            },
            contentHash: hash
        )
    }
}
