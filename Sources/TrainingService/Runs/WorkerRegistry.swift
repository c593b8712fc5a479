internal import Foundation
internal import Jobs
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
        var host: String?
        var gpus: [GPUBody] = []
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Notes a worker's wish for a job, and forgets those that have long been silent.
    func heard(_ request: TrainingAPI.LeaseRequest, isLocal: Bool, at now: Date) {
        entries.withLock { entries in
            entries[request.worker] = Entry(
                kinds: request.kinds,
                isLocal: isLocal,
                seen: now,
                host: request.host,
                gpus: request.gpus
            )
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

    /// The GPUs of the workers that are not lost.
    ///
    /// - Parameters:
    ///   - taken: The ids of those that jobs have.
    ///   - term: After how long a silent worker is lost.
    ///   - now: Now, on the wall clock.
    /// - Returns: The GPUs by machine.
    func fleet(taken: Set<String>, term: TimeInterval, now: Date) -> GPUFleet {
        let live = entries.withLock { entries in
            entries.filter {
                !$0.value.gpus.isEmpty && now.timeIntervalSince($0.value.seen) <= term
            }
        }
        let hosts = Dictionary(grouping: live) { $0.value.host ?? $0.key }
        let machines = hosts.sorted { $0.key < $1.key }.map { host, workers in
            let offered = Set(
                workers.flatMap(\.value.gpus).map { GPU(id: $0.id, memoryBytes: $0.memoryBytes) }
            )
            return GPUFleet.Machine(
                host: host,
                gpus: offered.sorted { $0.id < $1.id },
                free: Set(offered.map(\.id)).subtracting(taken)
            )
        }
        return GPUFleet(machines: machines)
    }

    /// Every worker by name.
    ///
    /// - Parameters:
    ///   - jobs: Which are busy, and with what.
    ///   - gpus: The jobs that have GPUs, by the GPUs' ids.
    ///   - term: After how long a silent one is lost.
    ///   - now: Now, on the wall clock.
    /// - Returns: The workers.
    func bodies(
        jobs: [String: String],
        gpus: [String: String],
        term: TimeInterval,
        now: Date
    ) -> [WorkerBody] {
        let known = entries.withLock { entries in
            Self.forgetSilent(&entries, now)
            return entries
        }
        return known.sorted { $0.key < $1.key }.map { name, entry in
            let isLost = now.timeIntervalSince(entry.seen) > term
            var body = WorkerBody(
                name: name,
                state: isLost ? .lost : jobs[name] == nil ? .idle : .busy,
                isLocal: entry.isLocal,
                kinds: entry.kinds,
                jobID: jobs[name],
                lastSeenAt: Instant.text(entry.seen)
            )
            body.host = entry.host
            body.gpus = entry.gpus.map { gpu in
                var gpu = gpu
                gpu.jobID = gpus[gpu.id]
                return gpu
            }
            return body
        }
    }
}
