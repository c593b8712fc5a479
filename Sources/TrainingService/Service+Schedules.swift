internal import Crypto
internal import Foundation
internal import Jobs
internal import Schedules
internal import TrainingAPI

/// Stored schedules, and the rates of jobs.
extension Service {
    /// The kind under which the store keeps schedules.
    static let scheduleKind = "schedule"

    /// Stores a schedule as the newest version of a name.
    ///
    /// - Parameters:
    ///   - schedule: The schedule.
    ///   - name: A name that is allowed.
    ///   - condition: What must hold for the newest version so far.
    /// - Returns: What became of it.
    /// - Throws: `JobStoreError`.
    func put(
        _ schedule: RunSchedule,
        as name: String,
        if condition: DocumentCondition
    ) throws -> DocumentReceipt {
        let content = schedule.json()
        var submission = DocumentSubmission(
            id: DocumentID(kind: Self.scheduleKind, name: name),
            contentHash: Array(SHA256.hash(data: content)),
            payload: content,
            at: Date()
        )
        submission.condition = condition
        return try store.put(submission)
    }

    /// A document of the store as the schedule that it is.
    ///
    /// - Throws: `Problem` 500 where this version cannot read it.
    func schedule(in document: VersionedDocument) throws(Problem) -> StoredSchedule {
        var context = DecodingContext()
        // Unreadable bytes are told by the problem.
        guard let content = (try? JSONReader.read(document.payload))?.document,
            let schedule = RunSchedule(content, &context)
        else {
            throw Problem(
                status: 500,
                detail: "This version cannot read version \(document.version) of schedule"
                    + " \"\(document.id.name)\"."
            )
        }
        return StoredSchedule(
            name: document.id.name,
            version: document.version,
            hash: Digest.hexadecimal(document.contentHash),
            schedule: schedule,
            createdAt: Instant.text(document.createdAt)
        )
    }

    /// Looks up the stored schedule that a job or a preview speaks of.
    ///
    /// - Parameter schedule: The schedule as it was written.
    /// - Returns: What the store has; `none` where the schedule speaks of no stored one, or is faulty.
    /// - Throws: `JobStoreError`, but not for what is not there.
    func lookUp(_ schedule: Document?) throws -> ScheduleLookup {
        guard let reference = ScheduleReference(in: schedule) else { return .none }
        let id = DocumentID(kind: Self.scheduleKind, name: reference.name)
        do {
            return .found(
                try self.schedule(in: try store.document(id, version: reference.version))
            )
        } catch let error as JobStoreError where error.code == .notFound {
            guard reference.version != nil else { return .noName }
            do {
                return .noVersion(newest: try store.document(id).version)
            } catch  where error.code == .notFound {
                return .noName
            }
        }
    }

    /// The rate of every step of a job: its schedule and what has changed it; `nil` where this version cannot
    /// read it.
    func rates(
        of record: JobRecord,
        _ work: JobWork,
        _ stored: StoredJob
    ) -> RateFunction? {
        rates.rates(of: record) {
            // The schedule was resolved against the same run when the job was accepted, the edits when they
            // were taken; what another version wrote is told by the `nil`.
            guard
                let run = stored.run(totalSteps: max(1, record.totalSteps)),
                let reports = ReportLog(reading: record.feedback),
                let edits = EditLog(reading: record.edits)
            else { return nil }
            return try? RateFunction(
                work.runSchedule(),
                run: run,
                totalSteps: max(1, record.totalSteps),
                reports: reports.reports,
                edits: edits.edits.map(\.edit)
            )
        }
    }
}
