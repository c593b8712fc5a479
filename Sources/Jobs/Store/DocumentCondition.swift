/// What must hold for a document's newest version before it is changed.
///
/// Source: RFC 9110, sections 13.1.1 and 13.1.2, with the tags of versions as entity tags.
package struct DocumentCondition: Hashable, Sendable {
    /// What a version is compared with.
    package enum Pattern: Hashable, Sendable {
        /// Any version, so that it matters only whether there is one.
        case any
        /// A version of one of these tags.
        case tags(Set<String>)

        func matches(_ document: VersionedDocument) -> Bool {
            switch self {
            case .any: true
            case .tags(let tags): tags.contains(document.tag)
            }
        }
    }

    /// What the newest version must be; nil for no such condition.
    package var matches: Pattern?
    /// What the newest version must not be; nil for no such condition.
    package var doesNotMatch: Pattern?

    /// A condition that always holds.
    package init() {}

    /// Whether the condition holds; nil stands for a document that is not there.
    package func holds(for newest: VersionedDocument?) -> Bool {
        (matches.map { pattern in newest.map(pattern.matches) ?? false } ?? true)
            && !(doesNotMatch.map { pattern in newest.map(pattern.matches) ?? false } ?? false)
    }
}
