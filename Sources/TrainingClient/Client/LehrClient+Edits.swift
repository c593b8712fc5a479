public import TrainingAPI

/// The rates of jobs, and changing them.
extension LehrClient {
    /// Reads a job's rates, past and to come.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - maximumPoints: The most points.
    /// - Returns: The rates, whose entity tag an edit shows.
    /// - Throws: `ClientError`.
    public func schedule(
        of id: String,
        maximumPoints: Int
    ) async throws(ClientError) -> Answer<ScheduleBody> {
        var target = RequestTarget("jobs", id, "schedule")
        target.append("max_points", maximumPoints)
        return try await call(.get(target)) { ScheduleBody($0) }
    }

    /// Compares the rates that a job used with those that it was to use.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The audit.
    /// - Throws: `ClientError`.
    public func audit(_ id: String) async throws(ClientError) -> Answer<AuditBody> {
        try await call(.get(RequestTarget("jobs", id, "audit"))) { AuditBody($0) }
    }

    /// Asks what an edit would do, and changes nothing.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - edit: The edit, JSON.
    /// - Returns: The first step, and the rates with the edit.
    /// - Throws: `ClientError`.
    public func previewEdit(
        of id: String,
        _ edit: [UInt8]
    ) async throws(ClientError) -> Answer<ScheduleEditReceipt> {
        var target = RequestTarget("jobs", id, "schedule-edits")
        target.append("validate_only", "true")
        return try await call(.post(target, .init(edit, .json))) { ScheduleEditReceipt($0) }
    }

    /// Changes a job's rates.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - edit: The edit, JSON.
    ///   - entityTag: The tag that the job's rates must have.
    ///   - key: What makes a repeat harmless; a fresh one by default.
    /// - Returns: The first step, and the rate there before and after.
    /// - Throws: `ClientError`; with status 412 where the rates have another tag.
    public func editSchedule(
        of id: String,
        _ edit: [UInt8],
        ifMatch entityTag: String,
        key: String? = nil
    ) async throws(ClientError) -> Answer<ScheduleEditReceipt> {
        let target = RequestTarget("jobs", id, "schedule-edits")
        var call = ClientCall.post(target, .init(edit, .json)).idempotent(by: key)
        call.fields.append(("If-Match", entityTag))
        return try await self.call(call) { ScheduleEditReceipt($0) }
    }
}
