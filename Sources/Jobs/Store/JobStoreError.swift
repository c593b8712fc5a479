/// Why a verb of a store did not do its work; nothing of it is stored then.
package struct JobStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the caller can do about it.
    package enum Code: Hashable, Sendable {
        /// The lease is not the job's live one: the worker stops quietly and saves nothing.
        case leaseLost
        /// There is no such job or document.
        case notFound
        /// The job's state does not permit it; these actions would change it.
        case conflict(allowed: [JobAction])
        /// A report came out of order: the number that is due is in the detail.
        case outOfOrder
        /// As many jobs wait as may: the same verb may succeed once some have started.
        case queueFull
        /// The disk is full: the same verb may succeed once there is room.
        case noSpace
        /// The store cannot be written or read; the answer to every verb until that is mended.
        case unavailable
        /// What is stored cannot be trusted; a person must restore a backup.
        case corrupt
        /// The data was written by a newer version of the program.
        case newerSchema
        /// Another process holds the store.
        case locked
    }

    /// What the caller can do about it.
    package let code: Code
    /// The verb that failed, by its name in `JobStore`, or `open`.
    package let operation: String
    /// One sentence for a person, naming what it is about.
    package let detail: String

    /// An error of one verb.
    package init(code: Code, operation: String, detail: String) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }

    /// The sentence alone.
    package var description: String { detail }
}

/// The errors that every store has, worded once.
extension JobStoreError {
    /// A worker's write under a lease that is not the job's live one.
    package static func leaseLost(_ key: LeaseKey, in operation: String) -> JobStoreError {
        JobStoreError(
            code: .leaseLost,
            operation: operation,
            detail: "job \(key.job) is no longer leased under fence \(key.fence)"
        )
    }

    /// A verb on a job that is not stored.
    package static func notFound(_ id: JobID, in operation: String) -> JobStoreError {
        JobStoreError(code: .notFound, operation: operation, detail: "there is no job \(id)")
    }

    /// A verb on a document that is not stored, or not in that version.
    package static func notFound(
        _ id: DocumentID,
        version: Int?,
        in operation: String
    ) -> JobStoreError {
        let version = version.map { "version \($0) of " } ?? ""
        return JobStoreError(
            code: .notFound,
            operation: operation,
            detail: "there is no \(version)\(id.kind) \"\(id.name)\""
        )
    }

    /// An action that the job's state refuses.
    package static func conflict(_ action: JobAction, on job: JobRecord) -> JobStoreError {
        JobStoreError(
            code: .conflict(allowed: job.state.allowedActions),
            operation: "act",
            detail: "\(action.rawValue) is not possible while job \(job.id) is \(job.state)"
        )
    }

    /// An edit of a job whose state takes none.
    package static func uneditable(_ job: JobRecord) -> JobStoreError {
        JobStoreError(
            code: .conflict(allowed: job.state.allowedActions),
            operation: "edit",
            detail:
                "job \(job.id) is \(job.state); only a job that waits, runs or is paused takes edits"
        )
    }

    /// A job that is to go on from a checkpoint that is not there any more.
    package static func noOrigin(_ origin: JobOrigin) -> JobStoreError {
        JobStoreError(
            code: .conflict(allowed: []),
            operation: "accept",
            detail: "job \(origin.job) has no checkpoint of step \(origin.step) any more"
        )
    }

    /// A submission when as many jobs wait as may.
    package static func queueFull(_ limit: Int) -> JobStoreError {
        JobStoreError(
            code: .queueFull,
            operation: "accept",
            detail: "\(limit) jobs wait already, and no more may; try again when some have started"
        )
    }

    /// The removal of a job that has not ended.
    package static func unfinished(_ job: JobRecord) -> JobStoreError {
        JobStoreError(
            code: .conflict(allowed: job.state.allowedActions),
            operation: "delete",
            detail: "job \(job.id) is \(job.state); only a finished job can be removed"
        )
    }

    /// A report that leaves one out.
    package static func outOfOrder(_ report: JobReport, after lease: Lease) -> JobStoreError {
        JobStoreError(
            code: .outOfOrder,
            operation: "report",
            detail: "sequence must be \(lease.sequence + 1), got \(report.sequence)"
        )
    }
}
