package import Foundation

/// An entry of a job's event log.
package struct JobEventRecord: Hashable, Sendable, Identifiable {
    /// The number of the entry: 1 for a job's first, then one more each, without gaps.
    package let id: Int
    /// What it tells of.
    package let kind: JobEventKind
    /// What happened: a ``StateChange`` in JSON where the kind is `state`, else the layer above's.
    package let payload: [UInt8]
    /// When it happened, on the wall clock.
    package let instant: Date

    /// An entry as a store reads it back.
    package init(id: Int, kind: JobEventKind, payload: [UInt8], instant: Date) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.instant = instant
    }

    /// The change of state that the entry tells of; nil for another kind.
    package var stateChange: StateChange? {
        // The payload of this kind was written by `StateChange` itself.
        kind == .state ? try? JSONDecoder().decode(StateChange.self, from: Data(payload)) : nil
    }
}

/// A stretch of a job's event log, and how the job stood when it was read.
package struct JobEventPage: Hashable, Sendable {
    /// The entries that were asked for, the oldest first.
    ///
    /// A number that is missing between them was of a kind that was not asked for, or is no longer
    /// kept (``JobEventKind/reach``).
    package let events: [JobEventRecord]
    /// Whether more entries follow that were asked for.
    package let hasMore: Bool
    /// The number of the job's newest entry; 0 where it has none.
    package let last: Int
    /// The job's state.
    package let state: JobState

    /// A page, given one entry more than fits where there are more.
    package init(upTo limit: Int, of found: [JobEventRecord], last: Int, state: JobState) {
        events = Array(found.prefix(limit))
        hasMore = found.count > limit
        self.last = last
        self.state = state
    }
}
