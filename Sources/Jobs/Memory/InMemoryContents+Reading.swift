import Foundation

/// The verbs that only read.
extension InMemoryContents {
    func entry(_ id: JobID, in operation: String) throws(JobStoreError) -> Entry {
        guard let entry = entries[id] else { throw .notFound(id, in: operation) }
        return entry
    }

    func jobs(_ query: JobQuery) -> JobPage {
        let found = entries.values.map(\.record).filter { query.matches($0) }
        let newestFirst = found.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
        return JobPage(upTo: query.limit, of: Array(newestFirst.prefix(query.limit + 1)))
    }

    func counts() -> [JobState: Int] {
        var counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, 0) })
        for entry in entries.values {
            counts[entry.record.state, default: 0] += 1
        }
        return counts
    }

    func leasedLabels(named keys: Set<String>) -> [Label: Int] {
        var counts: [Label: Int] = [:]
        for entry in entries.values where entry.record.state.isLeased {
            for (key, value) in entry.record.labels where keys.contains(key) {
                counts[Label(key: key, value: value), default: 0] += 1
            }
        }
        return counts
    }

    func liveLeases() -> [Lease] {
        entries.values.compactMap(\.lease).sorted { $0.key.job < $1.key.job }
    }

    func checkpoints(of id: JobID) throws(JobStoreError) -> [Checkpoint] {
        try entry(id, in: "checkpoints").checkpoints.values.sorted { $0.step < $1.step }
    }

    func artifacts(of id: JobID) throws(JobStoreError) -> [Artifact] {
        try entry(id, in: "artifacts").artifacts.values.sorted { $0.name < $1.name }
    }

    /// The bytes of a file that came with a verb, as long as a job needs them.
    func content(of file: StoredFile) -> [UInt8]? {
        needed(among: [file.hash]).isEmpty ? nil : contents[file.hash]
    }

    func needed(among hashes: Set<String>) -> Set<String> {
        let starts = entries.values.compactMap(\.record.startFile)
        return Set(entries.values.flatMap { $0.files.map(\.hash) } + starts).intersection(hashes)
    }

    func events(
        of id: JobID,
        after number: Int,
        _ kinds: Set<JobEventKind>?,
        limit: Int
    ) throws(JobStoreError) -> JobEventPage {
        let entry = try entry(id, in: "events")
        let found = entry.events.filter { event in
            event.id > number && kinds?.contains(event.kind) ?? true
        }
        return JobEventPage(
            upTo: limit,
            of: Array(found.prefix(limit + 1)),
            last: entry.record.lastEvent,
            state: entry.record.state
        )
    }

    func series(
        of id: JobID,
        _ names: Set<String>?,
        in steps: Range<Int>
    ) throws(JobStoreError) -> [SeriesSegment] {
        let entry = try entry(id, in: "series")
        let curve = Curve(entry.runs.map { ($0.lease.key.fence, $0.lease.resumeStep) })
        let segments = entry.chunks.compactMap { fence, chunk in
            names?.contains(chunk.series) ?? true
                ? curve.segment(chunk, under: fence, in: steps) : nil
        }
        return segments.sorted {
            ($0.chunk.series, $0.fence, $0.steps.lowerBound)
                < ($1.chunk.series, $1.fence, $1.steps.lowerBound)
        }
    }
}

extension JobQuery {
    /// Whether a job meets all conditions and comes after the cursor.
    fileprivate func matches(_ job: JobRecord) -> Bool {
        let isAfterCursor = cursor.map { (job.createdAt, job.id) < ($0.createdAt, $0.id) } ?? true
        return isAfterCursor
            && states?.contains(job.state) ?? true
            && kind.map { job.kind == $0 } ?? true
            && name.map { job.name == $0 } ?? true
            && labels.allSatisfy { job.labels[$0] == $1 }
    }
}
