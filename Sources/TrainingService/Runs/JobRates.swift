internal import Jobs
internal import Schedules
internal import Synchronization

/// The rates of the jobs that were asked for of late: a library's scheduler is stepped through a whole run to
/// get them.
final class JobRates: Sendable {
    /// How many jobs' rates are kept; one may hold 16 bytes for each of millions of steps.
    private static let limit = 8

    private struct Entry {
        let job: JobID
        let feedback: [UInt8]?
        let rates: RateFunction
    }

    private let entries = Mutex<[Entry]>([])

    /// The rates of a job as it stands, made by `make` where they are not at hand.
    func rates(of record: JobRecord, _ make: () -> RateFunction?) -> RateFunction? {
        let known = entries.withLock { entries in
            entries.first { $0.job == record.id && $0.feedback == record.feedback }?.rates
        }
        if let known { return known }
        guard let rates = make() else { return nil }
        entries.withLock { entries in
            entries.removeAll { $0.job == record.id }
            if entries.count >= Self.limit { entries.removeFirst() }
            entries.append(Entry(job: record.id, feedback: record.feedback, rates: rates))
        }
        return rates
    }
}
