package import Foundation

/// Which documents to list, each in its newest version.
///
/// Newest first, by the creation of that version and then by name.
package struct DocumentQuery: Hashable, Sendable {
    /// The place after which a page begins: the last document of the page before.
    package struct Cursor: Hashable, Sendable {
        /// The creation of that document's newest version.
        package let createdAt: Date
        /// That document's name.
        package let name: String

        /// The place right after one document.
        package init(createdAt: Date, name: String) {
            self.createdAt = createdAt
            self.name = name
        }
    }

    /// Documents of this kind.
    package let kind: String
    /// At most so many documents; at least 1.
    package var limit: Int
    /// Only what comes after; nil begins with the newest document.
    package var cursor: Cursor?

    /// The newest documents of a kind.
    package init(kind: String, limit: Int = 50) {
        self.kind = kind
        self.limit = limit
    }
}

/// One page of a list of documents.
package struct DocumentPage: Hashable, Sendable {
    /// The documents, newest first.
    package let documents: [VersionedDocument]
    /// Whether there are more.
    package let hasMore: Bool

    /// A page, given one document more than fits where there are more.
    package init(upTo limit: Int, of found: [VersionedDocument]) {
        documents = Array(found.prefix(limit))
        hasMore = found.count > limit
    }

    /// Where the next page of names begins; nil when this one is the last.
    package var next: DocumentQuery.Cursor? {
        guard hasMore, let last = documents.last else { return nil }
        return DocumentQuery.Cursor(createdAt: last.createdAt, name: last.id.name)
    }
}
