import Foundation

/// The queue of the in-memory store.
extension InMemoryContents {
    /// The first job in the queue for a worker, and the ids of the GPUs that it gets.
    func next(for request: LeaseRequest) -> (job: JobRecord, gpus: [String])? {
        let instant = request.instant.roundedToMicroseconds
        let full = request.limits.full(among: leasedLabels(named: request.limits.keys))
        let taken = Set(liveLeases().flatMap(\.gpus))
        let free = request.gpus.filter { !taken.contains($0.id) }
        let waiting = entries.values.map(\.record).filter { record in
            guard record.gpus.choice(among: request.gpus) != nil else { return false }
            if request.job != nil { return record.isWanted(by: request) }
            return record.state == .queued && request.kinds.contains(record.kind)
                && record.mayStart(at: instant, under: policy) && record.canGoOn(for: request)
                && record.hasNone(of: full)
        }
        guard var first = Self.first(of: waiting) else { return nil }
        if first.gpus.choice(among: free) == nil {
            guard let other = Self.first(of: waiting.filter { $0.gpus == .none }) else {
                return nil
            }
            first = other
        }
        guard first.mayFollow(for: request) else { return nil }
        return first.gpus.choice(among: free).map { (first, $0) }
    }

    private static func first(of records: [JobRecord]) -> JobRecord? {
        records.min { ($0.queuePlace, $0.id) < ($1.queuePlace, $1.id) }
    }
}
