package import Foundation

/// Something to tell of a job, handed to the verb that makes it true.
///
/// The verb stores it in its own transaction and gives it its number there: so nobody reads of what
/// did not happen, and nothing happens that nobody reads of.
package struct JobEventDraft: Hashable, Sendable {
    /// What it tells of; never `state`, which stores tell themselves.
    package let kind: JobEventKind
    /// What happened, in the words of the layer above.
    package let payload: [UInt8]
    /// Now, on the wall clock.
    package let instant: Date

    /// Something to tell.
    package init(_ kind: JobEventKind, _ payload: [UInt8], at instant: Date) {
        precondition(kind != .state, "only a store tells of a change of state")
        self.kind = kind
        self.payload = payload
        self.instant = instant
    }
}
