import Foundation

/// The numbering of a job's event log. Every store calls these and adds only storage.
extension JobRecord {
    /// How many entries pass between two looks at which are no longer kept.
    private static let trimInterval = 256
    /// Gives the next numbers to what a verb tells.
    package mutating func append(_ drafts: [JobEventDraft]) -> [JobEventRecord] {
        drafts.map { draft in
            entry(draft.kind, draft.payload, at: draft.instant)
        }
    }

    /// Gives the next number to the change that brought the job to its state.
    mutating func appendState(
        _ cause: StateChange.Cause,
        detail: String? = nil,
        at instant: Date
    ) -> JobEventRecord {
        let change = StateChange(of: self, cause: cause, detail: detail)
        return entry(.state, change.json, at: instant)
    }

    private mutating func entry(
        _ kind: JobEventKind,
        _ payload: [UInt8],
        at instant: Date
    ) -> JobEventRecord {
        lastEvent += 1
        return JobEventRecord(
            id: lastEvent,
            kind: kind,
            payload: payload,
            instant: instant.roundedToMicroseconds
        )
    }

    /// Which entries are no longer kept after an append: of each kind, those up to a number.
    ///
    /// - Parameter appended: The entries that were appended last.
    /// - Returns: Nothing, but where the append passed a multiple of 256.
    package func expiredEvents(
        after appended: [JobEventRecord]
    ) -> [(kind: JobEventKind, through: Int)] {
        guard appended.contains(where: { $0.id.isMultiple(of: JobRecord.trimInterval) }) else {
            return []
        }
        return JobEventKind.allCases.compactMap { kind in
            guard let reach = kind.reach, lastEvent > reach else { return nil }
            return (kind, lastEvent - reach)
        }
    }
}
