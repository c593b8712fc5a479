internal import Foundation
internal import Synchronization
internal import TrainingAPI

/// The workers that have been heard of.
final class WorkerRegistry: Sendable {
    /// How long a silent worker stays listed, as lost.
    private static let memory: TimeInterval = 600

    private struct Entry {
        var kinds: [String]
        var isLocal: Bool
        var seen: Date
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Notes a worker's wish for a job, and forgets those that have long been silent.
    func heard(_ request: TrainingAPI.LeaseRequest, isLocal: Bool, at now: Date) {
        entries.withLock { entries in
            entries[request.worker] = Entry(kinds: request.kinds, isLocal: isLocal, seen: now)
            Self.forgetSilent(&entries, now)
        }
    }

    /// Notes a word of a worker that runs a job of `kind`, which is all that a server knows of it that
    /// started after the worker had asked for the job.
    func heard(_ worker: String, kind: String, isLocal: Bool, at now: Date) {
        entries.withLock {
            $0[worker, default: Entry(kinds: [kind], isLocal: isLocal, seen: now)].seen = now
        }
    }

    private static func forgetSilent(_ entries: inout [String: Entry], _ now: Date) {
        entries = entries.filter { now.timeIntervalSince($0.value.seen) < memory }
    }

    /// Forgets a worker whose process has ended.
    func forget(_ worker: String) {
        entries.withLock { _ = $0.removeValue(forKey: worker) }
    }

    /// Every worker by name; `jobs` says which are busy, `term` after how long a silent one is lost.
    func bodies(jobs: [String: String], term: TimeInterval, now: Date) -> [WorkerBody] {
        let known = entries.withLock { entries in
            Self.forgetSilent(&entries, now)
            return entries
        }
        return known.sorted { $0.key < $1.key }.map { name, entry in
            let isLost = now.timeIntervalSince(entry.seen) > term
            return WorkerBody(
                name: name,
                state: isLost ? .lost : jobs[name] == nil ? .idle : .busy,
                isLocal: entry.isLocal,
                kinds: entry.kinds,
                jobID: jobs[name],
                lastSeenAt: Instant.text(entry.seen)
            )
        }
    }
}
