internal import Jobs
internal import Synchronization

/// When each live lease ends, on the server's continuous clock.
///
/// Wall time plays no part: it may be set while jobs run. A server that starts gives every lease that it
/// finds a full term.
final class LeaseBook: Sendable {
    /// How long a lease holds without a word of its worker.
    let term: Duration
    private let ends = Mutex<[LeaseKey: ContinuousClock.Instant]>([:])
    /// The leases of scripts of which nothing is heard, which keep their jobs all the same.
    private let silent = Mutex<[JobID: LeaseKey]>([:])
    private let changes = Atomic(0)

    /// Makes a book for leases of `term`.
    init(term: Duration) {
        self.term = term
    }

    /// Gives the lease a full term from `now`.
    func renew(_ key: LeaseKey, now: ContinuousClock.Instant = .now) {
        ends.withLock { $0[key] = now + term }
        endSilence(of: key)
    }

    /// Forgets the lease.
    func remove(_ key: LeaseKey) {
        ends.withLock { $0[key] = nil }
        endSilence(of: key)
    }

    /// Notes that nothing is heard of a script that keeps its job.
    func noteSilence(of key: LeaseKey) {
        let earlier = silent.withLock { $0.updateValue(key, forKey: key.job) }
        if earlier == nil { changes.add(1, ordering: .releasing) }
    }

    private func endSilence(of key: LeaseKey) {
        let wasSilent = silent.withLock { silent in
            guard silent[key.job] == key else { return false }
            silent[key.job] = nil
            return true
        }
        if wasSilent { changes.add(1, ordering: .releasing) }
    }

    /// Whether nothing is heard of the script that runs a job.
    func isSilent(_ job: JobID) -> Bool {
        silent.withLock { $0[job] != nil }
    }

    /// How many times a script has fallen silent or was heard again.
    ///
    /// What ``isSilent(_:)`` said after this number was asked for holds for as long as it is the same.
    var silences: Int { changes.load(ordering: .acquiring) }

    /// The leases whose terms are over at `now`; they stay in the book until they are removed.
    func expired(now: ContinuousClock.Instant = .now) -> [LeaseKey] {
        ends.withLock { ends in ends.filter { $0.value <= now }.map(\.key) }
    }
}
