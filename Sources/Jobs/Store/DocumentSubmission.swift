package import Foundation

/// A content to store as the newest version of a named document.
package struct DocumentSubmission: Hashable, Sendable {
    /// Which document it is.
    package let id: DocumentID
    /// A hash of what the payload means, by which a repetition is known.
    package let contentHash: [UInt8]
    /// The content, in the words of the layer above.
    package let payload: [UInt8]
    /// What must hold for the newest version so far; nothing by default.
    package var condition = DocumentCondition()
    /// Now, on the wall clock: becomes `createdAt`.
    package let instant: Date

    /// A content to store whatever there is so far.
    package init(id: DocumentID, contentHash: [UInt8], payload: [UInt8], at instant: Date) {
        self.id = id
        self.contentHash = contentHash
        self.payload = payload
        self.instant = instant
    }

    /// The version that the submission becomes.
    package func document(version: Int) -> VersionedDocument {
        VersionedDocument(
            id: id,
            version: version,
            contentHash: contentHash,
            payload: payload,
            createdAt: instant.roundedToMicroseconds
        )
    }

    /// What becomes of the submission after a newest version; nil for one that is to be stored.
    package func ruling(after newest: VersionedDocument?) -> DocumentReceipt? {
        guard condition.holds(for: newest) else { return .refused(newest: newest) }
        return newest.flatMap { $0.contentHash == contentHash ? .unchanged($0) : nil }
    }
}

/// What became of a submitted document.
package enum DocumentReceipt: Hashable, Sendable {
    /// The content is stored as a new version.
    case stored(VersionedDocument)
    /// The newest version has this very content already. Nothing is stored.
    case unchanged(VersionedDocument)
    /// The condition does not hold for the newest version. Nothing is stored.
    case refused(newest: VersionedDocument?)
}

/// What became of the removal of a document.
package enum DocumentRemoval: Hashable, Sendable {
    /// No version is stored any more.
    case removed
    /// The condition does not hold for the newest version. Nothing is removed.
    case refused(newest: VersionedDocument)
}
