internal import Synchronization

/// What has happened since the server started, for `/metrics`.
final class Counters: Sendable {
    /// What is counted.
    enum Event: String, CaseIterable {
        /// Jobs accepted.
        case submitted
        /// Submissions refused because the queue or the disk was full.
        case refused
        /// Finished jobs removed because of their age.
        case outlived
        /// Edits of rates taken.
        case edited
        /// Leases granted.
        case leased
        /// Reports stored.
        case reported
        /// Checkpoints stored.
        case saved
        /// Checkpoints dropped because their bytes were not what they were.
        case damaged
        /// Reports that came twice.
        case repeated
        /// Writes of workers whose lease had passed to another.
        case stale
        /// Leases that ended because nothing was heard for their term.
        case expired
        /// Expired leases that their workers took up again.
        case revived
        /// Local workers that died.
        case crashed
        /// Workers stopped because they did not let go in their grace.
        case stopped
        /// Steps whose applied rates were not the granted ones.
        case mismatched
    }

    private let counts = Mutex<[Event: Int]>([:])

    /// Counts `amount` more events.
    func add(_ event: Event, _ amount: Int = 1) {
        counts.withLock { $0[event, default: 0] += amount }
    }

    /// How often `event` was counted.
    func count(of event: Event) -> Int {
        counts.withLock { $0[event, default: 0] }
    }
}
