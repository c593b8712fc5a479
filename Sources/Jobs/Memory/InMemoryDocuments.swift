import Foundation

/// The named documents of the in-memory store.
struct InMemoryDocuments: Sendable {
    private struct History: Sendable {
        /// The number of the newest version, which stays when the versions go.
        var count = 0
        var versions: [VersionedDocument] = []
    }

    private var histories: [DocumentID: History] = [:]

    mutating func put(_ submission: DocumentSubmission) -> DocumentReceipt {
        var history = histories[submission.id] ?? History()
        if let ruling = submission.ruling(after: history.versions.last) { return ruling }
        history.count += 1
        let document = submission.document(version: history.count)
        history.versions.append(document)
        histories[submission.id] = history
        return .stored(document)
    }

    mutating func delete(
        _ id: DocumentID,
        _ condition: DocumentCondition
    ) throws(JobStoreError) -> DocumentRemoval {
        guard let newest = histories[id]?.versions.last else {
            throw .notFound(id, version: nil, in: "deleteDocument")
        }
        guard condition.holds(for: newest) else { return .refused(newest: newest) }
        histories[id]?.versions = []
        return .removed
    }

    func document(_ id: DocumentID, _ version: Int?) throws(JobStoreError) -> VersionedDocument {
        let versions = histories[id]?.versions ?? []
        let found = versions.last { $0.version == version ?? $0.version }
        guard let document = found else {
            throw .notFound(id, version: versions.isEmpty ? nil : version, in: "document")
        }
        return document
    }

    func documents(_ query: DocumentQuery) -> DocumentPage {
        let newest = histories.values.compactMap(\.versions.last)
        let found = newest.filter { document in
            document.id.kind == query.kind
                && query.cursor.map { document.place < ($0.createdAt, $0.name) } ?? true
        }
        let newestFirst = found.sorted { $0.place > $1.place }
        return DocumentPage(upTo: query.limit, of: Array(newestFirst.prefix(query.limit + 1)))
    }

    func versions(
        of id: DocumentID,
        before version: Int?,
        limit: Int
    ) throws(JobStoreError) -> DocumentPage {
        let versions = histories[id]?.versions ?? []
        guard !versions.isEmpty else { throw .notFound(id, version: nil, in: "versions") }
        let found = versions.reversed().filter { $0.version < version ?? .max }
        return DocumentPage(upTo: limit, of: Array(found.prefix(limit + 1)))
    }
}

extension VersionedDocument {
    /// The place in a list, the greater the nearer to its head.
    fileprivate var place: (createdAt: Date, name: String) { (createdAt, id.name) }
}
