package import Foundation

/// The end of leases whose workers cannot say so themselves.
package struct LeaseAbandonment: Hashable, Sendable {
    /// Which leases end.
    package enum Selection: Hashable, Sendable {
        /// This one, if it still lives.
        case lease(LeaseKey)
        /// All that a worker holds.
        case worker(String)
        /// All of workers that a server other than this one had started.
        case startedByServersOther(than: ServerID)

        /// Whether a lease is among them.
        package func contains(_ lease: Lease) -> Bool {
            switch self {
            case .lease(let key): lease.key == key
            case .worker(let worker): lease.worker == worker
            case .startedByServersOther(let server): lease.server != nil && lease.server != server
            }
        }
    }

    /// What befell the workers.
    package enum Cause: Hashable, Sendable {
        /// The process died. Counts as a crash.
        case workerCrashed
        /// The system killed it because memory was short. Counts as a crash.
        case outOfMemory
        /// It was silent for the whole term of its lease. Counts as a crash.
        case leaseExpired
        /// It died because its server did. Counts as nothing.
        case serverRestarted
        /// It did not let go within its grace. Counts as nothing.
        case stopped

        /// The same as an entry of the job's history.
        package var ending: RunEnding {
            switch self {
            case .workerCrashed: .workerCrashed
            case .outOfMemory: .outOfMemory
            case .leaseExpired: .leaseExpired
            case .serverRestarted: .serverRestarted
            case .stopped: .stopped
            }
        }
    }

    /// Which leases end.
    package let selection: Selection
    /// Why they end.
    package let cause: Cause
    /// How the worker ended, where that is known, as a sentence without its full stop.
    package var detail: String?
    /// What to tell of each job before that.
    package var events: [JobEventDraft] = []
    /// Now, on the wall clock.
    package let instant: Date
    /// A uniform draw from 0 up to 1, from which each job's is made.
    private let jitter: Double

    /// The end of some leases.
    package init(
        _ selection: Selection,
        cause: Cause,
        at instant: Date,
        jitter: Double = .random(in: 0..<1)
    ) {
        self.selection = selection
        self.cause = cause
        self.instant = instant
        self.jitter = jitter
    }

    /// A uniform draw from 0 up to 1 for one job, so that many abandoned at once do not return so.
    package func jitter(for id: JobID) -> Double {
        let spread = Double(UInt64(truncatingIfNeeded: id.bits) & 0xffff_ffff) / 0x1p32
        return (jitter + spread).truncatingRemainder(dividingBy: 1)
    }
}
