import GRDB
package import Jobs

extension SQLiteJobStore {
    package func job(_ id: JobID) throws(JobStoreError) -> JobRecord {
        try read("job") { database in
            guard let job = try JobsTable.find(id, in: database) else {
                throw JobStoreError.notFound(id, in: "job")
            }
            return job
        }
    }

    package func jobs(_ query: JobQuery) throws(JobStoreError) -> JobPage {
        try read("jobs") { try JobListing.page(query, in: $0) }
    }

    package func counts() throws(JobStoreError) -> [JobState: Int] {
        try read("counts") { database in
            let found = try database.values(
                "SELECT state, count FROM state_counts",
                []
            ) { row -> (String, Int) in (row[0], row[1]) }
            let counts = Dictionary(uniqueKeysWithValues: found)
            return Dictionary(
                uniqueKeysWithValues: JobState.allCases.map { ($0, counts[$0.rawValue] ?? 0) }
            )
        }
    }

    package func liveLeases() throws(JobStoreError) -> [Lease] {
        try read("liveLeases") { try RunsTable.alive(in: $0) }
    }

    package func leasedLabels(named keys: Set<String>) throws(JobStoreError) -> [Label: Int] {
        try read("leasedLabels") { try LabelsTable.leased(named: keys, in: $0) }
    }

    package func runs(of id: JobID) throws(JobStoreError) -> [Run] {
        try readHistory("runs", of: id) { try RunsTable.all(of: id, in: $0) }
    }

    package func replay(_ key: Idempotency) throws(JobStoreError) -> Acceptance? {
        try read("replay") { database in
            try KeysTable.find(key, in: database).map { first in
                first.bodyHash == key.bodyHash ? .replayed(answer: first.answer) : .keyReused
            }
        }
    }

    package func checkpoints(of id: JobID) throws(JobStoreError) -> [Checkpoint] {
        try readHistory("checkpoints", of: id) { try CheckpointsTable.all(of: id, in: $0) }
    }

    package func events(
        of id: JobID,
        after number: Int,
        kinds: Set<JobEventKind>?,
        limit: Int
    ) throws(JobStoreError) -> JobEventPage {
        try read("events") { database in
            guard
                let page = try EventsTable.page(
                    of: id,
                    after: number,
                    kinds: kinds,
                    limit: limit,
                    in: database
                )
            else { throw JobStoreError.notFound(id, in: "events") }
            return page
        }
    }

    package func artifacts(of id: JobID) throws(JobStoreError) -> [Artifact] {
        try readHistory("artifacts", of: id) { try ArtifactsTable.all(of: id, in: $0) }
    }

    package func content(of file: StoredFile) throws(JobStoreError) -> [UInt8]? {
        try read("content") { try ContentsTable.find(file, in: $0) }
    }

    package func needed(among hashes: Set<String>) throws(JobStoreError) -> Set<String> {
        try read("needed") { try ArtifactsTable.needed(among: hashes, in: $0) }
    }

    package func series(
        of id: JobID,
        names: Set<String>?,
        in steps: Range<Int>
    ) throws(JobStoreError) -> [SeriesSegment] {
        try readHistory("series", of: id) {
            try SeriesTable.segments(of: id, names: names, in: steps, in: $0)
        }
    }

    package func pointCount(
        of id: JobID,
        names: Set<String>,
        in steps: Range<Int>
    ) throws(JobStoreError) -> Int {
        try readHistory("pointCount", of: id) {
            try SeriesTable.pointCount(of: id, names: names, in: steps, in: $0)
        }
    }

    package func seriesNames(of id: JobID) throws(JobStoreError) -> [String] {
        try readHistory("seriesNames", of: id) { try SeriesTable.names(of: id, in: $0) }
    }

    package func document(
        _ id: DocumentID,
        version: Int?
    ) throws(JobStoreError) -> VersionedDocument {
        try read("document") { database in
            guard
                let found = try DocumentsTable.find(id, version: version, in: database)
            else {
                let newest = try DocumentsTable.find(id, version: nil, in: database)
                throw JobStoreError.notFound(
                    id,
                    version: newest == nil ? nil : version,
                    in: "document"
                )
            }
            return found
        }
    }

    package func documents(_ query: DocumentQuery) throws(JobStoreError) -> DocumentPage {
        try read("documents") { try DocumentsTable.page(query, in: $0) }
    }

    package func versions(
        of id: DocumentID,
        before version: Int?,
        limit: Int
    ) throws(JobStoreError) -> DocumentPage {
        try read("versions") { database in
            guard try DocumentsTable.find(id, version: nil, in: database) != nil else {
                throw JobStoreError.notFound(id, version: nil, in: "versions")
            }
            return try DocumentsTable.versions(of: id, before: version, limit: limit, in: database)
        }
    }

    /// Reads what hangs on a job, or says that there is no such job.
    private func readHistory<Answer>(
        _ operation: String,
        of id: JobID,
        _ body: (Database) throws -> Answer
    ) throws(JobStoreError) -> Answer {
        try read(operation) { database in
            let found = try database.values(
                "SELECT 1 FROM jobs WHERE id = ?",
                [id.bits]
            ) { _ in true }
            guard !found.isEmpty else { throw JobStoreError.notFound(id, in: operation) }
            return try body(database)
        }
    }
}
