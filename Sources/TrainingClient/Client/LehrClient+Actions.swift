public import TrainingAPI

/// What can be asked of a job that is there. A job whose state does not permit it is refused with 409 and
/// the actions that it permits.
extension LehrClient {
    /// Cancels a job; one that is cancelled already stays so.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The job, `cancelled` or, while a worker still has it, `cancelling`.
    /// - Throws: `ClientError`.
    public func cancel(_ id: String) async throws(ClientError) -> Answer<JobBody> {
        try await act("cancel", on: id)
    }

    /// Pauses a job: its worker saves a checkpoint and lets go; one that is paused already stays so.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The job, `paused` or, while a worker still has it, `pausing`.
    /// - Throws: `ClientError`.
    public func pause(_ id: String) async throws(ClientError) -> Answer<JobBody> {
        try await act("pause", on: id)
    }

    /// Puts a paused job back in the queue; one that waits or runs stays as it is.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The job.
    /// - Throws: `ClientError`.
    public func resume(_ id: String) async throws(ClientError) -> Answer<JobBody> {
        try await act("resume", on: id)
    }

    /// Puts a failed or cancelled job back in the queue, with fresh attempts.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - origin: Where it goes on; at its newest checkpoint by default.
    /// - Returns: The job.
    /// - Throws: `ClientError`.
    public func retry(
        _ id: String,
        from origin: RetryBody.Origin = .checkpoint
    ) async throws(ClientError) -> Answer<JobBody> {
        try await act("retry", on: id, RetryBody(origin: origin))
    }

    /// Removes a job that is final, with all its history.
    ///
    /// - Parameter id: The job's id.
    /// - Throws: `ClientError`.
    public func delete(_ id: String) async throws(ClientError) {
        let call = ClientCall(method: .delete, target: RequestTarget("jobs", id))
        _ = try await callOptional(call) { $0 }
    }

    private func act(
        _ action: String,
        on id: String,
        _ body: RetryBody? = nil
    ) async throws(ClientError) -> Answer<JobBody> {
        let call = ClientCall.post(RequestTarget("jobs", id, action), body.map { .init($0) })
        return try await self.call(call.idempotent(by: nil)) { JobBody($0) }
    }
}
