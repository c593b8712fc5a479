public import TrainingAPI

/// Schedules that are stored under names, and why a job's rates are what they are.
extension LehrClient {
    /// Stores a schedule as the newest version of a name.
    ///
    /// - Parameters:
    ///   - schedule: The schedule as a person wrote it.
    ///   - format: What `schedule` is written in.
    ///   - name: The name.
    ///   - entityTag: The tag that the newest version must have; `nil` for any, and for none.
    /// - Returns: The version, with status 201 where it is new and 200 where the newest one is the same.
    /// - Throws: `ClientError`; with status 412 where the newest version has another tag.
    public func putSchedule(
        _ schedule: [UInt8],
        _ format: BodyFormat,
        as name: String,
        ifMatch entityTag: String? = nil
    ) async throws(ClientError) -> Answer<StoredSchedule> {
        var call = ClientCall.put(RequestTarget("schedules", name), .init(schedule, format))
        if let entityTag { call.fields.append(("If-Match", entityTag)) }
        return try await self.call(call) { StoredSchedule($0) }
    }

    /// Reads a stored schedule.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - version: The version; the newest by default.
    /// - Returns: The schedule.
    /// - Throws: `ClientError`.
    public func storedSchedule(
        _ name: String,
        version: Int? = nil
    ) async throws(ClientError) -> Answer<StoredSchedule> {
        var target = RequestTarget("schedules", name)
        target.append("version", version)
        return try await call(.get(target)) { StoredSchedule($0) }
    }

    /// Lists the stored schedules, each in its newest version, newest first.
    ///
    /// - Parameters:
    ///   - limit: How many a page holds; at most 500, the server's default where it is `nil`.
    ///   - cursor: Where the page begins: `nextCursor` of the page before.
    /// - Returns: The page.
    /// - Throws: `ClientError`.
    public func storedSchedules(
        limit: Int? = nil,
        cursor: String? = nil
    ) async throws(ClientError) -> Answer<StoredSchedulePage> {
        try await page(RequestTarget("schedules"), limit, cursor)
    }

    /// Lists the versions of a stored schedule, newest first.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - limit: How many a page holds; at most 500, the server's default where it is `nil`.
    ///   - cursor: Where the page begins: `nextCursor` of the page before.
    /// - Returns: The page.
    /// - Throws: `ClientError`.
    public func scheduleVersions(
        of name: String,
        limit: Int? = nil,
        cursor: String? = nil
    ) async throws(ClientError) -> Answer<StoredSchedulePage> {
        try await page(RequestTarget("schedules", name, "versions"), limit, cursor)
    }

    /// Removes a stored schedule with all its versions; jobs keep what they have.
    ///
    /// - Parameter name: The name.
    /// - Throws: `ClientError`.
    public func deleteSchedule(_ name: String) async throws(ClientError) {
        _ = try await callOptional(.delete(RequestTarget("schedules", name))) { $0 }
    }

    /// Asks why a job's rate at a step is what it is.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - step: The 0-based update; the next one to come by default.
    /// - Returns: The causes, in the order in which they act.
    /// - Throws: `ClientError`.
    public func explain(
        _ id: String,
        step: Int? = nil
    ) async throws(ClientError) -> Answer<ExplanationBody> {
        var target = RequestTarget("jobs", id, "explain")
        target.append("step", step)
        return try await call(.get(target)) { ExplanationBody($0) }
    }

    private func page(
        _ target: RequestTarget,
        _ limit: Int?,
        _ cursor: String?
    ) async throws(ClientError) -> Answer<StoredSchedulePage> {
        var target = target
        target.append("limit", limit)
        if let cursor { target.append("cursor", cursor) }
        return try await call(.get(target)) { StoredSchedulePage($0) }
    }
}
