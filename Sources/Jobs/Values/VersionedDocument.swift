package import Foundation

/// Which document: names of one kind differ, those of different kinds have nothing to do with each
/// other.
package struct DocumentID: Hashable, Sendable {
    /// What the document is, as one word: `schedule`, `dataset`.
    package let kind: String
    /// What a person calls it, in ASCII.
    package let name: String

    /// The document of a kind and a name.
    package init(kind: String, name: String) {
        self.kind = kind
        self.name = name
    }
}

/// A named document in one of its versions, which never changes.
package struct VersionedDocument: Hashable, Sendable {
    /// Which document it is.
    package let id: DocumentID
    /// The version: 1, then one more for each other content; no number is ever given twice, not even
    /// after the document was removed.
    package let version: Int
    /// A hash of what the payload means: equal hashes are equal contents.
    package let contentHash: [UInt8]
    /// The content, in the words of the layer above.
    package let payload: [UInt8]
    /// When this version was stored.
    package let createdAt: Date

    /// A version as a store reads it back.
    package init(
        id: DocumentID,
        version: Int,
        contentHash: [UInt8],
        payload: [UInt8],
        createdAt: Date
    ) {
        self.id = id
        self.version = version
        self.contentHash = contentHash
        self.payload = payload
        self.createdAt = createdAt
    }

    /// What tells this version from every other of its name: the version and the start of the hash.
    ///
    /// The hash alone would not do: a content that comes back after another is a version of its own.
    package var tag: String {
        let digits = contentHash.prefix(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "\(version)-\(digits.joined())"
    }
}
